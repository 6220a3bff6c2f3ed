//! A pseudo terminal, for questions that are asked of people only.

use std::fs::File;
use std::io::{Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;

use rustix::fs::OFlags;
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

/// The side of the terminal that a person sits at.
pub(crate) struct Terminal {
    person: File,
    program: PathBuf,
}

impl Terminal {
    pub(crate) fn open() -> Terminal {
        let person = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&person).unwrap();
        unlockpt(&person).unwrap();
        let program = ptsname(&person, Vec::new()).unwrap().into_string().unwrap().into();
        Terminal { person: File::from(person), program }
    }

    /// The side of a program.
    pub(crate) fn end(&self) -> File {
        let flags = i32::try_from(OFlags::NOCTTY.bits()).unwrap();
        File::options().read(true).write(true).custom_flags(flags).open(&self.program).unwrap()
    }

    /// Types `answers`, and gives what is to be read on the screen when the program has ended.
    pub(crate) fn converse(&mut self, answers: &str) -> String {
        self.person.write_all(answers.as_bytes()).unwrap();
        let (mut screen, mut piece) = (Vec::new(), [0; 4096]);
        // Reading fails, instead of coming to an end, once nobody holds the other side.
        while let Ok(count @ 1..) = self.person.read(&mut piece) {
            screen.extend_from_slice(&piece[..count]);
        }
        String::from_utf8(screen).unwrap().replace("\r\n", "\n")
    }
}
