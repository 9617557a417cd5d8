//! A document of plain texts. Whoever renders it escapes them: much of it was written by others.

/// A document.
pub(crate) struct Document {
    pub(crate) title: String,
    pub(crate) blocks: Vec<Block>,
}

/// A part of it, from top to bottom.
pub(crate) enum Block {
    /// A heading of the second order.
    Heading(String),
    /// A paragraph.
    Paragraph(String),
    /// What others wrote, line by line.
    Quote(String),
    /// Commands.
    Code(String),
    /// Names and values.
    Pairs(Vec<(&'static str, String)>),
    /// A table; each row has a cell for each heading.
    Table { headings: &'static [&'static str], rows: Vec<Vec<String>> },
}
