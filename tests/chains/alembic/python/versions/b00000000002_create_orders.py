"""Create orders"""

import sqlalchemy as sa
from alembic import op

revision = "b00000000002"
down_revision = "b00000000001"
branch_labels = "sales"
depends_on = None


def upgrade():
    op.create_table(
        "orders",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
    )


def downgrade():
    op.drop_table("orders")
