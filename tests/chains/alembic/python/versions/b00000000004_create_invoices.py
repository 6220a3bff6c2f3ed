"""Create invoices"""

import sqlalchemy as sa
from alembic import op

revision = "b00000000004"
down_revision = "b00000000001"
branch_labels = "billing"
depends_on = None


def upgrade():
    op.create_table(
        "invoices",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("amount", sa.Integer(), nullable=False),
    )


def downgrade():
    op.drop_table("invoices")
