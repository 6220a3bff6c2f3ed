//! The parts of a model as text. Of a struct those fields are written that are not as usual, each behind its letter; of an
//! enum the letter of the variant, and what it holds.

#[cfg(all(test, feature = "source"))]
use super::random::{Dice, Random};
use super::{Coded, Reader};
use crate::models::model::{ByDialect, ColumnModel, GivenType, KeyModel, TableModel, ViewModel};
use crate::models::types::{DieselType, Size};
use crate::name::TableName;
use crate::schema::{
    Check, Column, ColumnNames, ColumnType, DefaultValue, Deferrable, EnumType, Exclude, ExcludeElement, ForeignKey,
    ForeignKeyAction, Generated, Identity, Index, IndexColumn, IndexTarget, Nulls, OnCommit, OnConflict, Order,
    PrimaryKey, Table, TableOptions, Unique, Value, column, exclude, foreign_key, index, index_column, table,
};

macro_rules! coded_struct {
    ($type:ty = $usual:expr; $($tag:literal $field:ident)+) => {
        impl Coded for $type {
            #[cfg(feature = "source")]
            fn write(&self, text: &mut String) {
                let usual: Self = $usual;
                // Each field is named, so that a new one is not forgotten.
                let Self { $($field),+ } = self;
                $(
                    if *$field != usual.$field {
                        text.push($tag);
                        $field.write(text);
                    }
                )+
                text.push('.');
            }

            fn read(from: &mut Reader<'_>) -> Option<Self> {
                let mut read: Self = $usual;
                loop {
                    match from.tag()? {
                        '.' => return Some(read),
                        $($tag => read.$field = Coded::read(from)?,)+
                        _ => return None,
                    }
                }
            }
        }

        #[cfg(all(test, feature = "source"))]
        impl Random for $type {
            fn random(dice: &mut Dice) -> Self {
                let mut made: Self = $usual;
                $(
                    if dice.below(3) == 0 {
                        made.$field = Random::random(dice);
                    }
                )+
                made
            }
        }
    };
}

macro_rules! coded_enum {
    ($type:ty; $($tag:literal $variant:ident $(($value:ident))? $({ $($field:ident),+ })?)+) => {
        impl Coded for $type {
            #[cfg(feature = "source")]
            fn write(&self, text: &mut String) {
                match self {
                    $(Self::$variant $(($value))? $({ $($field),+ })? => {
                        text.push($tag);
                        $($value.write(text);)?
                        $($($field.write(text);)+)?
                    })+
                }
            }

            fn read(from: &mut Reader<'_>) -> Option<Self> {
                match from.tag()? {
                    $($tag => {
                        $(let $value = Coded::read(from)?;)?
                        $($(let $field = Coded::read(from)?;)+)?
                        Some(Self::$variant $(($value))? $({ $($field),+ })?)
                    })+
                    _ => None,
                }
            }
        }

        #[cfg(all(test, feature = "source"))]
        impl Random for $type {
            fn random(dice: &mut Dice) -> Self {
                let tags = [$($tag),+];
                match tags[dice.below(tags.len())] {
                    $($tag => {
                        $(let $value = Random::random(dice);)?
                        $($(let $field = Random::random(dice);)+)?
                        Self::$variant $(($value))? $({ $($field),+ })?
                    })+
                    other => unreachable!("no variant has the letter {other}"),
                }
            }
        }
    };
}

coded_struct! { TableModel = TableModel {
        alias: None, table: table(""), columns: Vec::new(), foreign_keys: Vec::new(), view: None,
    };
    'a' alias 't' table 'c' columns 'f' foreign_keys 'v' view
}

coded_struct! { ColumnModel = ColumnModel {
        alias: None,
        column: column("", ColumnType::Text).not_null(),
        diesel_type: DieselType::default(),
        size: Size::default(),
        given_type: None,
    };
    'a' alias 'c' column 't' diesel_type 's' size 'g' given_type
}

coded_struct! { KeyModel = KeyModel { path: Vec::new(), key: foreign_key(None) }; 'p' path 'k' key }
coded_struct! { ViewModel = ViewModel::default(); 'm' materialized 'q' query 'r' reads }
coded_struct! { ByDialect = ByDialect::default(); 'a' all 'e' each }
coded_struct! { DieselType = DieselType::default(); 'n' name 'a' arguments }
coded_struct! { Size = Size::default(); 'l' length 'p' precision 's' scale }
coded_enum! { GivenType; 's' Sql(texts) 'b' Built(built) }

coded_struct! { TableName = TableName::from(""); 's' schema 'n' name }

coded_struct! { Table = table("");
    'n' name 'c' columns 'k' primary_key 'u' uniques 'f' foreign_keys 'x' checks 'e' excludes 'i' indexes 'r' comment
    'o' options 'a' if_not_exists 'w' with_enums
}

coded_struct! { TableOptions = TableOptions::default();
    's' strict 'w' without_rowid 'e' engine 'c' charset 'l' collation 'u' unlogged 'b' partition_by 't' temporary
    'i' inherits 'a' access_method 'p' storage 'm' on_commit 'x' tablespace 'r' row_format 'n' auto_increment
    'h' partitions
}

coded_struct! { Column = column("", ColumnType::Text).not_null();
    'c' name 't' column_type 'n' nullable 'd' default 'i' identity 'g' generated 'l' collation 'r' comment
    'p' primary_key 'u' unique 'f' foreign_key 'k' check 'x' index 'a' names 'o' not_null_on_conflict
}

coded_struct! { ColumnNames = ColumnNames::default(); 'p' primary_key 'u' unique 'i' index }

coded_struct! { Identity = Identity::default();
    'a' always 's' start 'i' increment 'l' min_value 'm' max_value 'h' cache 'c' cycle
}

coded_struct! { Generated = Generated { expression: String::new(), stored: true }; 'e' expression 's' stored }

coded_struct! { PrimaryKey = PrimaryKey::default();
    'n' name 'c' columns 'd' deferrable 'i' include 'o' on_conflict
}

coded_struct! { Unique = Unique::default();
    'n' name 'c' columns 'd' deferrable 'u' nulls_not_distinct 'i' include 'o' on_conflict
}

coded_struct! { ForeignKey = foreign_key(None);
    'n' name 'c' columns 'r' references 'e' referenced_columns 'd' on_delete 's' on_delete_columns 'u' on_update
    'f' deferrable 'm' match_full 'v' not_valid
}

coded_struct! { Check = Check::default();
    'n' name 'e' expression 'i' no_inherit 'v' not_valid 's' is_short 'c' column
}

coded_struct! { Exclude = exclude(None); 'n' name 'm' method 'e' elements 'p' predicate 'd' deferrable }

coded_struct! { ExcludeElement = ExcludeElement { column: index_column(""), operator: String::new() };
    'c' column 'o' operator
}

coded_struct! { Index = index(None);
    'n' name 'a' unnamed 't' table 'c' columns 'u' unique 'w' predicate 'm' method 'i' include 'd' nulls_not_distinct
    's' storage 'x' tablespace 'p' parser 'y' concurrently 'e' if_not_exists 'q' sql
}

coded_struct! { IndexColumn = index_column("");
    't' target 'o' order 'n' nulls 'c' collation 'p' operator_class 'l' length
}

coded_struct! { EnumType = EnumType::new("", [""; 0]); 'n' name 'v' values }

coded_enum! { ColumnType;
    's' SmallInt 'i' Integer 'b' BigInt 'n' Numeric { precision, scale } 'r' Real 'd' Double 'o' Boolean 'c' Char(length)
    'v' Varchar(length) 't' Text 'y' Binary 'a' Date 'e' Time 'f' TimeTz 'p' Timestamp 'q' TimestampTz 'u' Uuid 'j' Json
    'k' Jsonb 'l' Array(of) 'm' Enum(found) 'x' Custom(spelt)
}

coded_enum! { DefaultValue; 'l' Literal(value) 'e' Expression(text) }
coded_enum! { Value; 'z' Null 'o' Bool(value) 'i' Int(value) 'f' Float(value) 't' Text(value) 'y' Bytes(value) }
coded_enum! { IndexTarget; 'c' Column(name) 'e' Expression(text) }
coded_enum! { Order; 'a' Asc 'd' Desc }
coded_enum! { Nulls; 'f' First 'l' Last }
coded_enum! { Deferrable; 'i' InitiallyImmediate 'd' InitiallyDeferred }
coded_enum! { OnConflict; 'b' Rollback 'f' Fail 'i' Ignore 'r' Replace }
coded_enum! { OnCommit; 'p' PreserveRows 'r' DeleteRows 'd' Drop }
coded_enum! { ForeignKeyAction; 'a' NoAction 'r' Restrict 'c' Cascade 'n' SetNull 'd' SetDefault }
