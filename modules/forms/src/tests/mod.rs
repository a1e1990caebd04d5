mod analysis;
mod expressions;
mod rights;
mod schema;
mod vectors;
mod words;

mod properties;
