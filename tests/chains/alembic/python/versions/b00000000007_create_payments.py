"""Create payments"""

import sqlalchemy as sa
from alembic import op

revision = "b00000000007"
down_revision = "b00000000006"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "payments",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("invoice_id", sa.Integer(), nullable=False),
    )


def downgrade():
    op.drop_table("payments")
