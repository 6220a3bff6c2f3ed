rectify::table! {
    #[index(name = "ix_users_email", on(emial))]
    users (id) {
        #[defualt = 1]
        id -> BigInt,
        #[default = "yes"]
        active -> Bool,
        email -> Text,
    }
}

rectify::table! {
    #[index(name = "ix_notes_text", on(txt))]
    #[check("ix_notes_text", "length(text) > 0")]
    notes (id) {
        id -> BigInt,
        #[default = 12]
        text -> Text,
    }
}

#[derive(rectify::SqlEnum)]
pub enum Mood {
    Sad,
    #[sql_name = "sad"]
    Happy,
}
