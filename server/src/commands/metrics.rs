use std::net::{SocketAddr, TcpListener};

use anyhow::{Context, Result, anyhow};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder};

/// Seconds: from a fast read to what nobody should wait for.
const SECONDS: &[f64] = &[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

/// Serves `/metrics` on a listener of its own, so that the network that sees the app need not see the figures. The address
/// that it listens on: with port 0 the system chose one.
pub fn listen(address: SocketAddr) -> Result<SocketAddr> {
    let recorder =
        PrometheusBuilder::new().set_buckets_for_metric(Matcher::Suffix("_seconds".into()), SECONDS)?.build_recorder();
    let handle = recorder.handle();
    metrics::set_global_recorder(recorder).map_err(|_| anyhow!("metrics were set up twice"))?;
    let listener = TcpListener::bind(address)
        .with_context(|| format!("cannot listen on {address} for metrics: is another program using it?"))?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    let server = axum_server::from_tcp(listener)?;
    let page = hanlin_api::page_of_metrics(move || handle.render());
    tokio::spawn(async move {
        if let Err(error) = server.serve(page.into_make_service()).await {
            tracing::error!(%error, "metrics are not served any more");
        }
    });
    Ok(address)
}
