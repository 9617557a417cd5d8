//! The registry's picture, made when somebody asks and kept until a record changes it.

use std::sync::Arc;

use cohub_registry::Registry;

/// A picture of the registry, as JSON, with its head.
#[derive(Debug, Clone)]
pub(crate) struct Picture {
    pub(crate) head: String,
    pub(crate) json: Arc<serde_json::Value>,
}

/// Keeps the last picture.
#[derive(Debug, Default)]
pub(crate) struct Cache {
    picture: Option<Picture>,
}

impl Cache {
    /// The records changed.
    pub(crate) fn touch(&mut self) {
        self.picture = None;
    }

    /// The present picture.
    pub(crate) fn get(&mut self, registry: &Registry) -> Picture {
        self.picture.get_or_insert_with(|| draw(registry)).clone()
    }
}

/// Draws the picture of a registry.
pub(crate) fn draw(registry: &Registry) -> Picture {
    let view = registry.view();
    let head = view.head().to_string();
    let mut json = serde_json::to_value(&view).unwrap_or_default();
    if let Some(fields) = json.as_object_mut() {
        fields.insert("head".to_owned(), head.clone().into());
    }
    Picture { head, json: Arc::new(json) }
}
