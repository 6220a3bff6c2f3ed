"""Create customers"""

import sqlalchemy as sa
from alembic import op

revision = "b00000000001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "customers",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("name", sa.String(80), nullable=False),
    )


def downgrade():
    op.drop_table("customers")
