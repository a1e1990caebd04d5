//! `hanlin serve`: opens the house, prints where it is, and serves until it is told to stop.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use anyhow::{Context, Result, anyhow, bail};
use axum_server::Handle;
use hanlin_access::Access;
use hanlin_api::{Assets, Config, Services, Shared, Words};
use hanlin_files::Files;
use hanlin_kernel::Error;
use hanlin_store::{Db, jobs, outbox};
use hanlin_workflow::Webhooks;
use tokio::sync::broadcast::error::RecvError;

use crate::{
    arrivals::InTurn,
    assets::ASSETS,
    config::{Place, Serving},
    house::House,
};

/// How long requests may take to end after the signal to stop.
const GRACE: Duration = Duration::from_secs(10);

pub async fn serve(place: &Place, serving: &Serving) -> Result<()> {
    serving.check()?;
    serve_house(House::open(place).await?, serving).await
}

/// Serves a house that is open.
pub async fn serve_house(house: House, serving: &Serving) -> Result<()> {
    let access = Access::start(&house.modules).map_err(|error| anyhow!("{error}"))?;
    let ready = crate::commands::first_day(&house, &access, serving).await?;
    let sample = ready.sample;
    if sample && !serving.listen().ip().is_loopback() && !serving.sample_open {
        bail!(
            "this database has sample accounts, whose passwords everybody knows: it is served on 127.0.0.1 only. \
             Remove the sample, or say --sample-open if the network may use them"
        );
    }
    let consumers: Vec<_> = house.modules.iter().flat_map(|module| &module.consumers).cloned().collect();
    let kinds = house.modules.iter().fold(jobs::Kinds::default(), |all, module| all.join(module.jobs.clone()));
    let words = Words::of(house.modules.iter().map(|module| module.words))?;
    let webhooks = Webhooks::new(house.sealer.keys().derive("webhooks"), serving.webhook_internal);
    let services = Services::default()
        .with(Files::new(house.blobs.clone()).owned(hanlin_workflow::CASE, hanlin_workflow::CaseFiles))
        .with(access.clone())
        .with(webhooks.clone())
        .with(hanlin_sample::Sample::of(&house.modules, crate::commands::load_rules));
    let config = Config {
        public_url: serving.public_url.clone(),
        trusted_proxies: serving.trusted_proxy.clone(),
        hosts: hosts(serving, sample),
        sample,
    };
    let House { db, modules, sealer, blobs, lock } = house;
    let shared = Shared::new(db.clone(), Arc::new(access.clone()), services, words, config);
    let router = hanlin_api::build(shared, modules, Assets::new(ASSETS));

    let figures = serving.metrics.map(crate::commands::metrics::listen).transpose()?;
    tokio::spawn(outbox::dispatch(db.clone(), consumers));
    tokio::spawn(jobs::run(db.clone(), kinds));
    tokio::spawn(webhooks.run(db.clone()));
    tokio::spawn(hanlin_files::sweep::run(db.clone(), blobs));
    tokio::spawn(sealer.clone().run());
    tokio::spawn(access.clone().run(db.clone()));
    tokio::spawn(forget(db.clone()));
    tokio::spawn(keep_organisation_at_hand(db.clone()));

    let handle = Handle::new();
    tokio::spawn(stop_on_signal(handle.clone()));
    tokio::spawn(announce(handle.clone(), serving.clone(), ready, figures));
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let address = serving.listen();
    let few = db.writers_at_once();
    let served = match (&serving.tls_cert, &serving.tls_key) {
        (Some(cert), Some(key)) => {
            rustls::crypto::ring::default_provider().install_default().map_err(|_| anyhow!("TLS was set up twice"))?;
            let tls = axum_server::tls_rustls::RustlsConfig::from_pem_file(cert, key)
                .await
                .with_context(|| format!("the certificate {} cannot be used", cert.display()))?;
            axum_server::bind_rustls(address, tls)
                .map(|accept| InTurn::new(accept, few))
                .handle(handle)
                .serve(service)
                .await
        }
        _ => axum_server::bind(address).map(|accept| InTurn::new(accept, few)).handle(handle).serve(service).await,
    };
    served.with_context(|| {
        format!("cannot listen on {address}: is another program using it? Choose another with --listen")
    })?;
    tracing::info!("stopping");
    if let Err(error) = sealer.seal_all().await {
        tracing::warn!(%error, "the last entries could not be sealed; they are sealed at the next start");
    }
    tokio::task::spawn_blocking(move || db.close()).await?;
    drop(lock);
    Ok(())
}

/// Loads the organisation before anybody asks, and after each change of it, here or on another server: requests then find
/// it in memory, with what people are searched for by.
async fn keep_organisation_at_hand(db: Db) {
    let mut news = db.live().subscribe();
    loop {
        let kept = db.read(|tx| hanlin_directory::snapshot(tx).map(|organisation| organisation.make_searchable()));
        match kept.await {
            Ok(()) => {}
            Err(Error::Busy("store.closed")) => return,
            // Whoever asks next loads it himself.
            Err(error) => tracing::warn!(%error, "the organisation could not be loaded ahead"),
        }
        loop {
            match news.recv().await {
                Ok(event) if event.kind.starts_with("directory.") => break,
                Ok(_) => {}
                // Some news were missed: they may have been of it.
                Err(RecvError::Lagged(_)) => break,
                Err(RecvError::Closed) => return,
            }
        }
        // One change seldom comes alone, and one reading sees them all.
        tokio::time::sleep(Duration::from_millis(20)).await;
        while news.try_recv().is_ok() {}
    }
}

/// A sample server answers only to names of this machine, so that no page elsewhere can be made to point at it.
fn hosts(serving: &Serving, sample: bool) -> Vec<String> {
    if !sample || serving.sample_open {
        return Vec::new();
    }
    let own = serving
        .public_url
        .as_deref()
        .and_then(|url| url.split("://").nth(1))
        .map(|host| host.rsplit_once(':').map_or(host, |(name, _)| name).to_owned());
    ["127.0.0.1", "localhost", "[::1]"].into_iter().map(str::to_owned).chain(own).collect()
}

async fn announce(
    handle: Handle<SocketAddr>,
    serving: Serving,
    ready: crate::commands::FirstDay,
    figures: Option<SocketAddr>,
) {
    if let Some(address) = handle.listening().await {
        tracing::info!(%address, "ready");
        ready.print(&serving.url(address));
        if let Some(figures) = figures {
            println!("  Metrics · 运行指标: http://{figures}/metrics\n");
        }
    }
}

async fn stop_on_signal(handle: Handle<SocketAddr>) {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    let terminated = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => drop(signal.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminated = std::future::pending::<()>();
    tokio::select! {
        _ = interrupted => {}
        () = terminated => {}
    }
    handle.graceful_shutdown(Some(GRACE));
}

/// Forgets once an hour what is kept only for a while.
async fn forget(db: hanlin_store::Db) {
    loop {
        tokio::time::sleep(Duration::from_secs(3600)).await;
        match db.write_as(hanlin_store::Context::default().background(), hanlin_api::forget_old_answers).await {
            Ok(_) => {}
            Err(hanlin_kernel::Error::Busy("store.closed")) => return,
            Err(error) => tracing::error!(%error, "old answers could not be forgotten"),
        }
    }
}
