//! What fields of Protocol Buffers are called, from the files that programs were built with: `.proto`
//! files, and descriptor sets as `protoc --descriptor_set_out` writes them.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use protox::prost_reflect::{DescriptorPool, EnumDescriptor, Kind, MessageDescriptor};
use wirestage_dissectors::schema::{Field, FieldType, MessageType, Schema};

/// The largest descriptor set that is read: that of all public interfaces of a large cloud has 40 MB.
pub const MAX_DESCRIPTORS: u64 = 128 << 20;

/// Why names could not be read.
#[derive(Debug, thiserror::Error)]
pub enum SchemaError {
    /// The file cannot be read.
    #[error("{} cannot be read: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file is larger than anything that is read.
    #[error("{} has more than {} MiB", path.display(), MAX_DESCRIPTORS >> 20)]
    TooLarge {
        /// The file.
        path: PathBuf,
    },
    /// A `.proto` file does not compile.
    #[error("{} does not compile: {what}", path.display())]
    Broken {
        /// The file.
        path: PathBuf,
        /// What is wrong, in one line.
        what: String,
    },
    /// The file is no descriptor set.
    #[error("{} is no descriptor set", path.display())]
    NoDescriptors {
        /// The file.
        path: PathBuf,
    },
}

/// Whether a file is one of those, by its name.
#[must_use]
pub fn is_schema(path: &Path) -> bool {
    const ENDINGS: [&str; 5] = ["proto", "protoset", "desc", "binpb", "pb"];
    let ending = path.extension().and_then(|ending| ending.to_str());
    ending.is_some_and(|ending| ENDINGS.iter().any(|known| known.eq_ignore_ascii_case(ending)))
}

/// Reads names from files, in the order in which they are given: of two calls of one path, or of two
/// types of one name, the first counts. A folder is looked into for what `.proto` files import, beside
/// the one that each stands in.
///
/// # Errors
/// Where a file cannot be read, or says nothing that can be used.
pub fn read_schema(paths: &[PathBuf]) -> Result<Schema, SchemaError> {
    let (folders, files): (Vec<_>, Vec<_>) = paths.iter().partition(|path| path.is_dir());
    let mut schema = Building::default();
    for path in files {
        let is_source = path.extension().is_some_and(|ending| ending == "proto");
        let pool = if is_source { compiled(path, &folders)? } else { decoded(path)? };
        schema.add(&pool);
    }
    Ok(schema.done)
}

/// What a `.proto` file says, with what it imports.
fn compiled(path: &Path, folders: &[&PathBuf]) -> Result<DescriptorPool, SchemaError> {
    let broken = |error: protox::Error| SchemaError::Broken {
        path: path.to_path_buf(),
        what: error.to_string(),
    };
    let own = path.parent().filter(|own| !own.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let roots = folders.iter().map(|folder| folder.as_path()).chain([own]);
    let mut compiler = protox::Compiler::new(roots).map_err(broken)?;
    compiler.include_imports(true);
    compiler.open_file(path).map_err(broken)?;
    Ok(compiler.descriptor_pool())
}

/// What a descriptor set says.
fn decoded(path: &Path) -> Result<DescriptorPool, SchemaError> {
    let io = |source| SchemaError::Io { path: path.to_path_buf(), source };
    if std::fs::metadata(path).map_err(io)?.len() > MAX_DESCRIPTORS {
        return Err(SchemaError::TooLarge { path: path.to_path_buf() });
    }
    let bytes = std::fs::read(path).map_err(io)?;
    let pool = DescriptorPool::decode(bytes.as_slice()).ok();
    let pool = pool.filter(|pool| pool.files().len() > 0);
    pool.ok_or_else(|| SchemaError::NoDescriptors { path: path.to_path_buf() })
}

/// A schema on its way: the numbers of its types by their names.
#[derive(Default)]
struct Building {
    done: Schema,
    numbers: HashMap<String, usize>,
}

impl Building {
    fn add(&mut self, pool: &DescriptorPool) {
        // Types name each other, also before they are described.
        let mut new = Vec::new();
        for message in pool.all_messages() {
            if !self.numbers.contains_key(message.full_name()) {
                self.numbers.insert(message.full_name().to_owned(), self.done.messages.len());
                self.done.messages.push(MessageType::default());
                new.push(message);
            }
        }
        for message in new {
            let described = self.message(&message);
            let number = self.numbers.get(message.full_name());
            if let Some(place) = number.and_then(|at| self.done.messages.get_mut(*at)) {
                *place = described;
            }
        }
        for service in pool.services() {
            for method in service.methods() {
                let path = format!("/{}/{}", service.full_name(), method.name());
                let types = [method.input(), method.output()];
                let [Some(asks), Some(answers)] =
                    types.map(|kind| self.numbers.get(kind.full_name()).copied())
                else {
                    continue;
                };
                self.done.calls.entry(path.into_bytes().into()).or_insert([asks, answers]);
            }
        }
    }

    fn message(&self, message: &MessageDescriptor) -> MessageType {
        let mut fields: Vec<Field> = message
            .fields()
            .map(|field| Field {
                number: field.number(),
                name: field.name().into(),
                holds: self.holds(&field.kind()),
            })
            .collect();
        fields.sort_by_key(|field| field.number);
        MessageType { name: message.full_name().into(), fields }
    }

    fn holds(&self, kind: &Kind) -> FieldType {
        match kind {
            Kind::Double => FieldType::Double,
            Kind::Float => FieldType::Float,
            Kind::Int32 | Kind::Int64 => FieldType::Int,
            Kind::Sint32 | Kind::Sint64 => FieldType::ZigZag,
            Kind::Uint32 | Kind::Uint64 => FieldType::Unsigned,
            Kind::Fixed32 | Kind::Fixed64 => FieldType::Fixed,
            Kind::Sfixed32 | Kind::Sfixed64 => FieldType::SignedFixed,
            Kind::Bool => FieldType::Bool,
            Kind::String => FieldType::Text,
            Kind::Bytes => FieldType::Bytes,
            Kind::Enum(names) => FieldType::Enum(values(names)),
            Kind::Message(message) => match self.numbers.get(message.full_name()) {
                Some(number) => FieldType::Message(*number),
                None => FieldType::Bytes,
            },
        }
    }
}

fn values(names: &EnumDescriptor) -> Box<[(i32, Box<str>)]> {
    names.values().map(|value| (value.number(), value.name().into())).collect()
}

#[cfg(test)]
mod tests {
    use wirestage_dissectors::schema::FieldType as Is;

    use super::*;

    /// Writes files into a folder and reads names from the first of them.
    fn read(files: &[(&str, &[u8])], named: &[&str]) -> Result<Schema, SchemaError> {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        let paths: Vec<PathBuf> = named.iter().map(|name| folder.path().join(name)).collect();
        read_schema(&paths)
    }

    const SHOP: &[u8] = b"syntax = \"proto3\"; package shop; import \"place.proto\";
        enum Size { SMALL = 0; LARGE = 1; }
        message Order { string item = 1; sint32 change = 7; Size size = 3; place.Town to = 2;
          map<string, fixed64> more = 9; message Inner { bool gift = 1; } Inner inner = 4; }
        message Receipt { double sum = 1; }
        service Shop { rpc Buy(Order) returns (stream Receipt); }";
    const PLACE: &[u8] =
        b"syntax = \"proto3\"; package place; message Town { string name = 1; Town near = 2; }";

    #[test]
    fn names_come_from_sources_and_what_they_import() {
        for named in [&["a/shop.proto", "b"][..], &["a/shop.proto", "a", "b"]] {
            let schema = read(&[("a/shop.proto", SHOP), ("b/place.proto", PLACE)], named).unwrap();
            let [asks, answers] = schema.calls[&b"/shop.Shop/Buy"[..]];
            assert_eq!(&*schema.messages[answers].name, "shop.Receipt");
            let order = &schema.messages[asks];
            let names: Vec<_> =
                order.fields.iter().map(|field| (field.number, &*field.name)).collect();
            let expected =
                [(1, "item"), (2, "to"), (3, "size"), (4, "inner"), (7, "change"), (9, "more")];
            assert_eq!(names, expected);
            let Some(Is::Message(town)) = order.field(2).map(|field| field.holds.clone()) else {
                panic!("a message");
            };
            assert_eq!(schema.messages[town].field(2).unwrap().holds, Is::Message(town));
            assert_eq!(order.field(7).unwrap().holds, Is::ZigZag);
            let sizes = [(0, "SMALL".into()), (1, "LARGE".into())];
            assert_eq!(order.field(3).unwrap().holds, Is::Enum(sizes.into()));
            assert!(order.field(5).is_none());
        }
    }

    #[test]
    fn a_descriptor_set_says_the_same_as_its_source() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("place.proto"), PLACE).unwrap();
        let mut compiler = protox::Compiler::new([folder.path()]).unwrap();
        compiler.open_file("place.proto").unwrap();
        let set = compiler.encode_file_descriptor_set();
        let files = [("place.pb", &set[..]), ("place.proto", PLACE)];
        let [one, other] = ["place.pb", "place.proto"].map(|name| read(&files, &[name]).unwrap());
        assert_eq!(one, other);
        // Of what is said twice the first counts.
        assert_eq!(read(&files, &["place.pb", "place.proto"]).unwrap(), one);
    }

    #[test]
    fn what_is_wrong_is_said_with_the_file() {
        let check = |files: &[(&str, &[u8])], named: &str, expected: &str| {
            let said = read(files, &[named]).unwrap_err().to_string();
            assert!(said.contains(named) && said.contains(expected), "{said}");
        };
        check(&[], "none.proto", "does not compile");
        check(&[], "none.pb", "cannot be read");
        check(&[("a.proto", b"message A {")], "a.proto", "does not compile");
        check(&[("a.pb", b"\xff")], "a.pb", "is no descriptor set");
        check(&[("a.pb", b"")], "a.pb", "is no descriptor set");
    }
}
