//! The registry's picture and its head, made when somebody asks and kept until a record changes them.

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
    head: Option<String>,
    picture: Option<Picture>,
}

impl Cache {
    /// The records changed.
    pub(crate) fn touch(&mut self) {
        *self = Self::default();
    }

    /// The present head. Who asks for nothing else has no picture drawn.
    pub(crate) fn head(&mut self, registry: &Registry) -> String {
        let drawn = || self.picture.as_ref().map(|picture| picture.head.clone());
        self.head.get_or_insert_with(|| drawn().unwrap_or_else(|| registry.head().to_string())).clone()
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
