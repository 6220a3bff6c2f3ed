"""Merge sales and billing"""

revision = "b00000000006"
down_revision = ("b00000000003", "b00000000005")
branch_labels = None
depends_on = None


def upgrade():
    pass


def downgrade():
    pass
