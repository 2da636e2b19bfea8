//! What the text of an achievement must hold.

use super::Text;
use crate::error::Problem;
use crate::text::{one_line, prose};

impl Text {
    /// What is wrong with it.
    pub fn check(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut fault = |pointer: String, result: Result<(), String>| {
            problems.extend(result.err().map(|message| Problem::at(pointer, message)));
        };
        fault("/name".into(), one_line(&self.name, 200));
        fault("/description".into(), prose(&self.description, 5_000));
        let criteria = if self.criteria.trim().is_empty() {
            Err("say what an earner must do: an achievement without criteria means nothing".to_owned())
        } else {
            prose(&self.criteria, 20_000)
        };
        fault("/criteria".into(), criteria);
        if let Some(kind) = &self.achievement_type {
            fault("/achievement_type".into(), one_line(kind, 100));
        }
        let words = [("program", &self.face.program), ("family", &self.face.family), ("role", &self.face.role)];
        for (part, word) in words {
            fault(format!("/face/{part}"), word.as_ref().map_or(Ok(()), |word| one_line(word, 60)));
        }
        for (index, tag) in self.tags.iter().enumerate() {
            fault(format!("/tags/{index}"), one_line(tag, 60));
        }
        problems.extend(self.check_alignments());
        if self.tags.len() > 50 {
            problems.push(Problem::at("/tags", "50 tags are the most"));
        }
        if self.valid_months.is_some_and(|months| !(1..=1200).contains(&months)) {
            problems.push(Problem::at("/valid_months", "1 to 1200 months, or leave it out for ever"));
        }
        problems
    }

    fn check_alignments(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        if self.alignments.len() > 50 {
            problems.push(Problem::at("/alignments", "50 alignments are the most"));
        }
        for (index, alignment) in self.alignments.iter().enumerate() {
            let mut fault = |part: &str, result: Result<(), String>| {
                problems.extend(result.err().map(|why| Problem::at(format!("/alignments/{index}/{part}"), why)));
            };
            fault("name", one_line(&alignment.name, 200));
            let is_url = alignment.url.starts_with("https://") || alignment.url.starts_with("http://");
            let url =
                if is_url { one_line(&alignment.url, 2000) } else { Err("a URL begins with https://".to_owned()) };
            fault("url", url);
            fault("framework", alignment.framework.as_ref().map_or(Ok(()), |text| one_line(text, 200)));
            fault("code", alignment.code.as_ref().map_or(Ok(()), |text| one_line(text, 200)));
        }
        problems
    }
}

#[cfg(test)]
mod tests {
    use crate::achievements::Text;

    #[test]
    fn an_achievement_without_criteria_is_told_so() {
        let text: Text = serde_json::from_str(r#"{"name": "EV", "description": "…", "criteria": " "}"#).unwrap();
        let problems = text.check();
        assert_eq!(problems.len(), 1);
        assert_eq!(problems[0].pointer, "/criteria");
        assert!(problems[0].message.contains("without criteria"));
    }
}
