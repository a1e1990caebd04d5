mod analysis;
mod cells;
mod expressions;
mod rights;
mod schema;
mod series;
mod tables;
mod vectors;
mod words;

mod properties;
