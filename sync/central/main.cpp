// SPDX-License-Identifier: Apache-2.0
// anjungan-central: the central server.
#include <pthread.h>
#include <signal.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "sync/central/api/api.h"
#include "sync/central/ingest/copy_store.h"
#include "sync/record/clock.h"
#include "sync/settings/paths.h"
#include "sync/wire/identifiers.h"

namespace {

using namespace anjungan;

constexpr int k_bad_arguments = 2;
constexpr int k_cannot_start = 1;

struct Options {
  std::string listen = "127.0.0.1:8750";
  std::string data;
  std::string store;
  std::string catalogue = settings::default_catalogue();
  std::string public_url;
  std::string tls_certificate;
  std::string tls_key;
  bool behind_proxy = false;
  std::size_t max_terminals = 256;
  std::string blobs;
  std::string blob_region = "us-east-1";
  std::size_t max_blobs = 64;
  std::uint64_t blob_quota_mib = 65'536;
  std::uint64_t blob_reserve_mib = 1'024;
  central::WatchOptions watch;
  int silent_hours = 24;
  std::vector<std::string> couriers;
  int courier_days = 14;
  int attachments_days = 3;
  int backup_days = 2;
  int verify_days = 7;
  int clock_minutes = 5;
  std::uint64_t disk_low_mib = 2'048;
  std::string copy_to;
  central::Brand brand;
};

constexpr const char* k_description =
    "The central server of Anjungan: takes the records of kiosks, acknowledges what is durable, and answers people who "
    "hold "
    "a receipt. Staff commands reach it through anjunganctl central, over DATA/control.sock.\n\n"
    "Keys are made at the first start under DATA/keys: take root.key and escrow.key offline once terminals are "
    "enrolled.\n"
    "It listens on loopback unless told otherwise. Before it faces a network, put nginx in front "
    "(anjungan-central.conf), or give it a certificate of its own: --tls-certificate and --tls-key.\n"
    "Several instances share one PostgreSQL: each with a --data folder of its own that holds the same keys.\n\n"
    "Prints \"listening on ADDRESS:PORT\" when it is ready. SIGTERM lets running requests end; SIGHUP reads the "
    "certificate again.\n"
    "Exit status: 0 after SIGTERM, 1 when it cannot start, 2 for bad arguments.";

/// Everybody on the machine can read a command line.
std::string without_password(const std::string& url) {
  const std::size_t start = url.find("://");
  const std::size_t at = url.find('@');
  const std::string user = start != std::string::npos && at != std::string::npos && at > start + 3
                               ? url.substr(start + 3, at - start - 3)
                               : std::string();
  const bool has_one = user.find(':') != std::string::npos || url.find("password=") != std::string::npos;
  return has_one ? "must hold no password: put it into the file that PGPASSFILE names (mode 0600)" : "";
}

bool split_listen(const std::string& text, std::string& address, unsigned short& port) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string::npos || colon + 1 >= text.size() || text.size() - colon > 6) return false;
  unsigned long value = 0;
  for (const char c : text.substr(colon + 1)) {
    if (c < '0' || c > '9') return false;
    value = value * 10 + static_cast<unsigned long>(c - '0');
  }
  if (value > 65535) return false;
  address = text.substr(0, colon);
  if (address.size() > 2 && address.front() == '[' && address.back() == ']')
    address = address.substr(1, address.size() - 2);
  port = static_cast<unsigned short>(value);
  return !address.empty();
}

int complain(const record::Error& error) {
  std::fprintf(stderr, "anjungan-central: %s\n", error.text.c_str());
  return error.kind == record::ErrorKind::invalid ? k_bad_arguments : k_cannot_start;
}

central::WatchOptions watch_options(const Options& options) {
  constexpr std::int64_t k_hour = 3'600'000;
  central::WatchOptions out;
  out.silent_after = options.silent_hours * k_hour;
  out.by_courier = {options.couriers.begin(), options.couriers.end()};
  out.courier_after = options.courier_days * 24 * k_hour;
  out.attachments_after = options.attachments_days * 24 * k_hour;
  out.backup_after = options.backup_days * 24 * k_hour;
  out.verify_after = options.verify_days * 24 * k_hour;
  out.clock_off = options.clock_minutes * std::int64_t{60'000};
  out.disk_low_bytes = options.disk_low_mib << 20U;
  return out;
}

int copy(const Options& options) {
  auto catalogue = catalogue::load_catalogue(options.catalogue);
  if (!catalogue) return complain(catalogue.error());
  auto from = central::open_store(options.store, options.data);
  if (!from) return complain(from.error());
  const bool to_postgres = options.copy_to.find("://") != std::string::npos;
  auto to = central::open_store(to_postgres ? options.copy_to : "", options.copy_to);
  if (!to) return complain(to.error());
  auto keys = central::load_or_make_keys(options.data, record::SystemClock().unix_ms());
  if (!keys) return complain(keys.error());
  auto copied = central::copy_store(**from, **to, *keys, *catalogue);
  if (!copied) return complain(copied.error());
  std::printf("copied %llu terminals, %llu events, %llu in quarantine, %llu lines of the audit\n",
              static_cast<unsigned long long>(copied->devices), static_cast<unsigned long long>(copied->events),
              static_cast<unsigned long long>(copied->quarantined), static_cast<unsigned long long>(copied->audit));
  return 0;
}

int serve(Options options) {
  central::HttpOptions http;
  if (!split_listen(options.listen, http.address, http.port)) {
    std::fprintf(stderr, "anjungan-central: --listen %s: must be ADDRESS:PORT, such as 127.0.0.1:8750\n",
                 options.listen.c_str());
    return k_bad_arguments;
  }
  auto catalogue = catalogue::load_catalogue(options.catalogue);
  if (!catalogue) {
    std::fprintf(stderr, "anjungan-central: --catalogue: %s\n", catalogue.error().text.c_str());
    return k_bad_arguments;
  }

  // SIGTERM, SIGINT and SIGHUP are awaited below, by this thread alone.
  sigset_t awaited;
  sigemptyset(&awaited);
  for (const int one : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&awaited, one);
  pthread_sigmask(SIG_BLOCK, &awaited, nullptr);
  signal(SIGPIPE, SIG_IGN);

  const record::SystemClock clock;
  // A receipt's QR must open somewhere even when nobody named an address: the server's own, once the port is known.
  std::string public_url = options.public_url;
  const std::string scheme = options.tls_certificate.empty() ? "http://" : "https://";
  if (public_url.empty() && http.port != 0) public_url = scheme + options.listen;
  auto store = central::open_store(options.store, options.data);
  if (!store) return complain(store.error());
  auto centre = central::Centre::open(std::move(*store), options.data, public_url, std::move(*catalogue), clock);
  if (!centre) {
    std::fprintf(stderr, "anjungan-central: %s\n", centre.error().text.c_str());
    return k_cannot_start;
  }
  central::HttpCounters counters;
  central::Api api(**centre, clock, counters, options.brand);
  http.tls_certificate = options.tls_certificate;
  http.tls_key = options.tls_key;
  http.behind_proxy = options.behind_proxy;
  http.max_terminal_requests = options.max_terminals;
  http.max_blob_requests = options.max_blobs;
  std::unique_ptr<central::BlobStore> blobs;
  if (!options.blobs.empty()) {
    const auto secret = [](const char* name) {
      const char* value = std::getenv(name);
      return std::string(value == nullptr ? "" : value);
    };
    auto bucket = central::open_s3_blob_store(
        {options.blobs, options.blob_region, secret("AWS_ACCESS_KEY_ID"), secret("AWS_SECRET_ACCESS_KEY")});
    if (!bucket) return complain(bucket.error());
    blobs = std::move(*bucket);
  }
  (*centre)->use_blobs(std::move(blobs), {options.blob_reserve_mib << 20U, options.blob_quota_mib << 20U});
  (*centre)->watch(watch_options(options));
  http.unix_socket = options.data + "/control.sock";
  if (http.unix_socket.size() > 100) {
    std::fprintf(stderr, "anjungan-central: --data: its path is too long for a socket; at most 87 bytes\n");
    return k_bad_arguments;
  }
  auto server = central::HttpServer::start(
      http, central::Api::route_of, counters,
      [&api](const central::HttpRequest& request) { return api.serve(request); },
      [&api](const central::HttpRequest& request) { return api.control(request); });
  if (!server) return complain(server.error());
  const std::string shown = http.address.find(':') == std::string::npos ? http.address : "[" + http.address + "]";
  if (public_url.empty()) (*centre)->set_public_url(scheme + shown + ":" + std::to_string((*server)->port()));
  std::printf("listening on %s:%u\n", shown.c_str(), static_cast<unsigned>((*server)->port()));
  std::fflush(stdout);
  constexpr timespec k_between_looks{60, 0};
  for (int received = 0; received != SIGTERM && received != SIGINT;) {
    (void)(*centre)->look_for_alarms();  // it tells by itself what ails the store
    received = sigtimedwait(&awaited, nullptr, &k_between_looks);
    if (received != SIGHUP || options.tls_certificate.empty()) continue;
    if (auto read = (*server)->reload_tls(); read) {
      spdlog::info("the certificate was read again");
    } else {
      spdlog::error("the certificate in use stays: {}", read.error().text);
    }
  }
  spdlog::info("ending: running requests are finished first");
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  spdlog::set_default_logger(spdlog::stderr_logger_mt("central"));
  Options options;
  CLI::App app(k_description, "anjungan-central");
  app.set_version_flag("--version", std::string("anjungan-central " ANJUNGAN_VERSION));
  app.add_option("--listen", options.listen, "ADDRESS:PORT of the HTTP server; port 0 takes any free one")
      ->capture_default_str();
  app.add_option("--data", options.data, "folder of the database and the keys; made when missing")->required();
  app.add_option("--store", options.store,
                 "postgres://USER@HOST/DATABASE for several instances on one PostgreSQL; default: SQLite in --data. A "
                 "password belongs into PGPASSFILE, never on the command line")
      ->envname("ANJUNGAN_STORE")
      ->check(without_password);
  app.add_option("--catalogue", options.catalogue, "folder of the city's categories, agencies and holidays")
      ->capture_default_str();
  app.add_option("--public-url", options.public_url, "address that phones open, such as https://lapor.example.go.id");
  auto* certificate = app.add_option("--tls-certificate", options.tls_certificate,
                                     "PEM file of the certificate and those between it and its root: HTTPS without a "
                                     "proxy")
                          ->check(CLI::ExistingFile);
  certificate->needs(app.add_option("--tls-key", options.tls_key, "PEM file of its key, without a passphrase")
                         ->check(CLI::ExistingFile)
                         ->needs(certificate));
  app.add_flag("--behind-proxy", options.behind_proxy,
               "take the client's address from X-Real-IP, which the proxy in front must set");
  app.add_option("--max-terminals", options.max_terminals,
                 "requests of terminals worked on at once; more are told to come back later (503, Retry-After)")
      ->check(CLI::Range(1, 4'096))
      ->capture_default_str();
  app.add_option("--blobs", options.blobs,
                 "https://HOST/BUCKET for attachments in a bucket that speaks S3, its key in AWS_ACCESS_KEY_ID and "
                 "AWS_SECRET_ACCESS_KEY; default: the folder blobs in --data");
  app.add_option("--blob-region", options.blob_region, "the bucket's region, as its signatures name it")
      ->capture_default_str();
  app.add_option("--max-blobs", options.max_blobs, "pieces of terminals' attachments worked on at once, the same")
      ->check(CLI::Range(1, 4'096))
      ->capture_default_str();
  app.add_option("--blob-quota-mib", options.blob_quota_mib, "most MiB that one terminal's attachments take")
      ->check(CLI::Range(0, 1 << 30))
      ->capture_default_str();
  app.add_option("--blob-reserve-mib", options.blob_reserve_mib,
                 "free MiB that attachments leave to the records; below it they wait")
      ->check(CLI::Range(0, 1 << 20))
      ->capture_default_str();
  app.add_option(
         "--silent-after", options.silent_hours,
         "alarm: hours of working days without a word from a terminal; weekends and the catalogue's holidays do "
         "not count")
      ->check(CLI::Range(1, 10'000))
      ->capture_default_str();
  app.add_option("--courier", options.couriers,
                 "a terminal without a network, such as 3273-0012, whose records a stick brings; repeat for each")
      ->allow_extra_args(false)
      ->check([](const std::string& text) {
        const auto id = wire::DeviceId::parse(text);
        return id ? std::string() : "a terminal is named like 3273-0012: " + text;
      });
  app.add_option("--courier-after", options.courier_days,
                 "alarm: working days without a stick from one of them, in place of --silent-after")
      ->check(CLI::Range(1, 1'000))
      ->capture_default_str();
  app.add_option("--attachments-after", options.attachments_days, "alarm: days until an attachment is missed")
      ->check(CLI::Range(1, 1'000))
      ->capture_default_str();
  app.add_option("--clock-off", options.clock_minutes, "alarm: minutes that a terminal's clock is wrong by")
      ->check(CLI::Range(1, 100'000))
      ->capture_default_str();
  app.add_option("--disk-low-mib", options.disk_low_mib, "alarm: free MiB of --data below which its disk is low")
      ->check(CLI::Range(0, 1 << 30))
      ->capture_default_str();
  app.add_option("--backup-after", options.backup_days,
                 "alarm: days since anjunganctl central backup (SQLite); 0: something else makes them")
      ->check(CLI::Range(0, 1'000))
      ->capture_default_str();
  app.add_option("--verify-after", options.verify_days,
                 "alarm: days since anjunganctl central audit-verify; 0: it is not watched")
      ->check(CLI::Range(0, 1'000))
      ->capture_default_str();
  app.add_option("--government", options.brand.government, "name on the public pages")->capture_default_str();
  app.add_option("--phone", options.brand.phone, "telephone number on the public pages")->capture_default_str();
  app.add_option("--help-desk", options.brand.help, "where people find help")->capture_default_str();
  CLI::App* copying = app.add_subcommand("copy", "Copy the store into an empty one of the other kind, then end");
  copying->add_option("--to", options.copy_to, "postgres://... or, for SQLite, the folder of a new data folder")
      ->required()
      ->check(without_password);
  copying->footer(
      "Stop every instance first. The keys folder of --data is not copied: the instances of the new store need it "
      "too.");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : k_bad_arguments;
  }
  return copying->parsed() ? copy(options) : serve(std::move(options));
}
