mod chart;
mod flows;
mod office;
mod orders;
mod reach;
mod rules;
mod units;
mod words;
