"""Add the total of an order"""

import sqlalchemy as sa
from alembic import op

revision = "b00000000003"
down_revision = "b00000000002"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("orders", sa.Column("total", sa.Integer()))


def downgrade():
    op.drop_column("orders", "total")
