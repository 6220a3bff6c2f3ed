rectify::table! {
    users (id) {
        id -> BigInt,
        name -> Text,
    }
}

rectify::table! {
    notes (id) {
        id -> BigInt,
        #[references(users.id)]
        user_id -> Integer,
        #[references(users.nam)]
        user_name -> Text,
        #[references(users.name)]
        fits -> Nullable<Text>,
    }
}

rectify::tables! {
    parents (a, b) {
        a -> Integer,
        b -> Text,
    }

    #[foreign_key(on(b, a), references(parents(a, b)))]
    children (id) {
        id -> Integer,
        a -> Integer,
        b -> Text,
    }
}
