"""Add the order of an invoice"""

import sqlalchemy as sa
from alembic import op

revision = "b00000000005"
down_revision = "b00000000004"
branch_labels = None
depends_on = "b00000000002"


def upgrade():
    op.add_column("invoices", sa.Column("order_id", sa.Integer()))


def downgrade():
    op.drop_column("invoices", "order_id")
