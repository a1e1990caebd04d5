mod cases;
mod engine;
mod package;
