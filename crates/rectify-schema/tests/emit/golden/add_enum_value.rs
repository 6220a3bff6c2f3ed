// last
op.add_enum_value("mood", "calm")?;

// before another
op.add_enum_value("mood", enum_value("calm").before("happy"))?;

// after another
op.add_enum_value(("app", "mood"), enum_value("it's").after("sad"))?;

// if it does not exist
op.add_enum_value("mood", enum_value("calm").if_not_exists())?;

