//! Variables of the server's environment that change what the program itself allows.

use super::judged::{Judge, Judged, Outcome};
use crate::command_line::{Certainty, Variable};
use crate::result::{Evidence, Origin};

impl Judge<'_> {
    /// A variable, a list with commas, has none of these items.
    pub(super) fn environment_excludes(&self, name: &str, items: &[String]) -> Judged {
        let Some(variable) = self.line.environment.iter().rfind(|it| it.name == name) else {
            let text = format!("{name} is not set");
            return if self.line.environment_is_whole {
                Judged::decided(true, vec![self.of_environment(name, None, text)])
            } else {
                let text = format!("{name}: the environment is not part of this input");
                Judged::new(
                    Outcome::Unknown(String::new()),
                    vec![self.of_environment(name, None, text)],
                )
            };
        };
        let text = &variable.value.text;
        if let Certainty::Unresolved(why) | Certainty::Refused(why) = &variable.value.certainty {
            let fact = self.of_environment(name, Some(variable), format!("{name}: {why}"));
            return Judged::new(Outcome::Unknown(String::new()), vec![fact]);
        }
        let holds = !text.split(',').any(|item| items.iter().any(|known| known == item.trim()));
        let fact = self.of_environment(name, Some(variable), format!("{name}={text}"));
        Judged::decided(holds, vec![fact])
    }

    fn of_environment(&self, name: &str, variable: Option<&Variable>, text: String) -> Evidence {
        let location = variable.map_or_else(|| self.place_to_add(), |it| it.value.location.clone());
        Evidence {
            flag: name.to_owned().into(),
            value: variable.map(|variable| variable.value.text.clone().into()),
            origin: if variable.is_some() { Origin::Set } else { Origin::Default },
            location: Some(location),
            names_file: false,
            words: text,
        }
    }
}
