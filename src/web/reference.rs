//! The OpenAPI document in the shape of a page: a reference that reads without a script.

use serde_json::Value;

use super::openapi::{document, operations};

/// The document in the shape of a page.
pub struct Reference {
    pub title: String,
    pub version: String,
    pub intro: String,
    pub groups: Vec<Group>,
}

pub struct Group {
    pub name: String,
    pub operations: Vec<Operation>,
}

pub struct Operation {
    pub id: String,
    pub method: String,
    pub path: String,
    pub summary: String,
    pub description: String,
    pub permission: Option<String>,
    pub body: Vec<FieldDoc>,
    pub params: Vec<FieldDoc>,
    pub answers: Vec<AnswerDoc>,
    pub curl: String,
}

pub struct FieldDoc {
    pub name: String,
    pub kind: String,
    pub required: bool,
    pub about: String,
}

pub struct AnswerDoc {
    pub status: String,
    pub about: String,
    pub example: Option<String>,
}

/// Reads the document for people, grouped by its tags in their order.
pub fn reference(origin: &str) -> Reference {
    let document = document();
    let tags = document["tags"].as_array().into_iter().flatten().map(|tag| text(&tag["name"]));
    let mut groups: Vec<Group> = tags.map(|name| Group { name, operations: Vec::new() }).collect();
    for (path, method, operation) in operations(document) {
        let name = text(&operation["tags"][0]);
        let read = Reader { document, origin }.operation(path, method, operation);
        match groups.iter_mut().find(|group| group.name == name) {
            Some(group) => group.operations.push(read),
            None => groups.push(Group { name, operations: vec![read] }),
        }
    }
    Reference {
        title: text(&document["info"]["title"]),
        version: text(&document["info"]["version"]),
        intro: text(&document["info"]["description"]),
        groups,
    }
}

struct Reader<'a> {
    document: &'a Value,
    origin: &'a str,
}

impl Reader<'_> {
    fn operation(&self, path: &str, method: &str, operation: &Value) -> Operation {
        let content = operation["requestBody"]["content"].as_object();
        let (media_type, schema) = content
            .and_then(|content| content.iter().next())
            .map_or((None, &Value::Null), |(name, body)| (Some(name.as_str()), &body["schema"]));
        let permission = operation["security"][0]["password"][0].as_str().map(str::to_owned);
        let secured = operation["security"][0]["password"].is_array();
        Operation {
            id: text(&operation["operationId"]),
            method: method.to_uppercase(),
            path: path.to_owned(),
            summary: text(&operation["summary"]),
            description: text(&operation["description"]),
            permission,
            body: self.fields(schema),
            params: operation["parameters"].as_array().into_iter().flatten().map(|p| self.parameter(p)).collect(),
            answers: self.answers(operation),
            curl: self.curl(path, method, (media_type, self.resolve(schema)), secured),
        }
    }

    fn resolve<'v>(&'v self, schema: &'v Value) -> &'v Value {
        let name = schema["$ref"].as_str().and_then(|reference| reference.rsplit('/').next());
        name.map_or(schema, |name| &self.document["components"]["schemas"][name])
    }

    fn fields(&self, schema: &Value) -> Vec<FieldDoc> {
        let schema = self.resolve(schema);
        let required: Vec<&str> =
            schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let field = |(name, property): (&String, &Value)| FieldDoc {
            kind: kind(property),
            required: required.contains(&name.as_str()),
            about: text(&property["description"]),
            name: name.clone(),
        };
        schema["properties"].as_object().into_iter().flatten().map(field).collect()
    }

    fn parameter(&self, parameter: &Value) -> FieldDoc {
        FieldDoc {
            name: text(&parameter["name"]),
            kind: kind(&parameter["schema"]),
            required: parameter["required"] == true,
            about: text(&parameter["description"]),
        }
    }

    fn answers(&self, operation: &Value) -> Vec<AnswerDoc> {
        let answers = operation["responses"].as_object().into_iter().flatten();
        let answer = |(status, answer): (&String, &Value)| {
            let schema = answer["content"]["application/json"]["schema"].clone();
            let example = self.example(&schema, 0);
            AnswerDoc {
                status: status.clone(),
                about: text(&answer["description"]),
                example: example.is_object().then(|| serde_json::to_string_pretty(&example).unwrap_or_default()),
            }
        };
        answers.map(answer).collect()
    }

    /// A value as the schema describes it, to a depth that no schema of ours exceeds.
    fn example(&self, schema: &Value, depth: usize) -> Value {
        let schema = self.resolve(schema);
        if let Some(example) = schema.get("example") {
            return example.clone();
        }
        if depth > 5 {
            return Value::Null;
        }
        match schema["type"].as_str().or_else(|| schema["type"][0].as_str()) {
            Some("object") => schema["properties"].as_object().map_or(Value::Null, |properties| {
                properties.iter().map(|(name, p)| (name.clone(), self.example(p, depth + 1))).collect()
            }),
            Some("array") => Value::Array(vec![self.example(&schema["items"], depth + 1)]),
            Some("boolean") => true.into(),
            Some("integer") => 1.into(),
            Some("string") if schema["format"] == "date-time" => "2026-11-22T08:15:00Z".into(),
            Some("string") => "…".into(),
            _ => Value::Null,
        }
    }

    fn curl(&self, path: &str, method: &str, (media_type, schema): (Option<&str>, &Value), secured: bool) -> String {
        let mut command = format!("curl {}{}", self.origin, path.replace("{id}", "ID"));
        if !matches!(method, "get" | "post") || (method == "post" && media_type.is_none()) {
            command.push_str(&format!(" \\\n  -X {}", method.to_uppercase()));
        }
        if secured {
            command.push_str(" \\\n  -H \"Authorization: Bearer TOKEN\"");
        }
        let body = self.example(schema, 0);
        let shown = |(name, value): (&String, &Value)| (*value != "…").then(|| (name.clone(), value.clone()));
        let body: Vec<(String, Value)> = body.as_object().into_iter().flatten().filter_map(shown).collect();
        match media_type {
            Some("application/json") => {
                let object: serde_json::Map<String, Value> = body.into_iter().collect();
                command.push_str(&format!(" \\\n  --json '{}'", Value::Object(object)));
            }
            Some(_) => {
                for (name, value) in body {
                    let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                    command.push_str(&format!(" \\\n  --data-urlencode '{name}={value}'"));
                }
            }
            None => {}
        }
        command
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn kind(schema: &Value) -> String {
    match &schema["type"] {
        Value::String(kind) => kind.clone(),
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).filter(|kind| *kind != "null").collect(),
        _ => "object".to_owned(),
    }
}
