use crate::prelude::*;

/// Add email verification.
///
/// Everyone who signed up before this counts as unverified.
#[migration(revision = "a1b2c3d4e5f6", down_revision = "9efcc1f82b81")]
pub fn upgrade(op: &mut Op) -> Result<()> {
    op.add_column("users", column("email_verified", boolean()).not_null().server_default(false))?;
    op.add_column("users", column("verification_token", varchar(255)))?;
    op.add_column("users", column("verification_expires_at", timestamptz()))?;
    op.create_index(index("ux_users_verification_token").on("users", ["verification_token"]).unique())?;
    op.create_index(index("ix_users_verification_expires_at").on("users", ["verification_expires_at"]))
}

pub fn downgrade(op: &mut Op) -> Result<()> {
    op.drop_index("users", "ix_users_verification_expires_at")?;
    op.drop_index("users", "ux_users_verification_token")?;
    op.drop_column("users", "verification_expires_at")?;
    op.drop_column("users", "verification_token")?;
    op.drop_column("users", "email_verified")
}
