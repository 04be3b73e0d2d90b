#pragma once
// Every setting of both programs, with its default: plain structs, no behaviour. Filled by load(),
// judged by check(). Documented key by key in devy-upload.toml(5). Values; any thread.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace devy::config {

using std::chrono::milliseconds;
using std::chrono::seconds;

inline constexpr std::uint64_t kibibyte = 1024;
inline constexpr std::uint64_t mebibyte = 1024 * kibibyte;

// content.md, "Guards". Each limit ends in a clear error that names it.
struct Limits {
  std::uint32_t tree_entries_max = 50'000;
  std::uint32_t tree_depth_max = 64;
  std::uint32_t path_bytes_max = 1'024;
  std::uint64_t markdown_file_bytes_max = 512 * kibibyte;
  std::uint64_t html_bytes_max = 8 * mebibyte;
  std::uint64_t front_matter_bytes_max = 64 * kibibyte;
  std::uint64_t markdown_total_bytes_max = 128 * mebibyte;
  std::uint64_t asset_bytes_max = 10 * mebibyte;
  std::uint64_t assets_bytes_max = 512 * mebibyte;   // new ones of one upload
  std::uint64_t settings_bytes_max = 64 * kibibyte;  // devy.toml
  std::uint64_t pack_bytes_max = 512 * mebibyte;
  std::uint32_t pack_objects_max = 2'000'000;
  seconds fetch_stall{30};
  seconds fetch_wall_clock{600};
  seconds render_cpu{5};  // of CPU, one file
  std::uint64_t render_memory_bytes_max = 256 * mebibyte;
  std::uint64_t worker_memory_bytes_max = 512 * mebibyte;
  std::uint64_t scratch_free_bytes_min = 64 * mebibyte;  // less is free: nothing new is begun
};

// Which repository addresses may be fetched, and with what.
struct Git {
  std::vector<std::string> url_schemes{"https"};     // add "http" or "file" only where you mean it
  std::vector<std::string> url_hosts{"github.com"};  // empty: any host
  bool allow_private_addresses = false;              // loopback, link-local, RFC 1918 literals
  std::string token_file;                            // sent to `token_host` over https only
  std::string token_host = "github.com";
  std::string ca_file;  // PEM bundle instead of the system's
};

struct Queue {
  milliseconds poll_interval{2'000};  // ± 20 %; the poll is the promise, NOTIFY a hint
  seconds lease_ttl{30};              // heartbeat every third of it
  seconds supersede_patience{60};     // product.md: a stream of pushes must not starve a blog
  std::uint32_t max_attempts = 12;
};

struct Database {
  std::string conninfo;  // empty: libpq's environment, else the private cluster
  seconds connect_timeout{5};
  seconds statement_timeout{30};
  seconds lock_timeout{5};
  seconds idle_in_transaction_timeout{
      25};  // below the lease, so that a stuck session frees its rows
  seconds tcp_user_timeout{15};
  // Of the daemon's processes, each with its own rights (`db roles`); empty: `conninfo`.
  std::string listener_conninfo;
  std::string worker_conninfo;
  std::string metrics_conninfo;
};

// The daemon's worker processes. All but the first three keep one operation from holding the rest.
struct Workers {
  std::uint32_t min = 1;
  std::uint32_t max = 4;
  seconds idle{60};                                // one above `min` that has idled so long goes
  seconds stall{120};                              // killed when an operation shows no progress
  seconds wall_clock{900};                         // killed when one operation takes longer
  std::uint32_t operations_max = 1'000;            // then a fresh process takes over
  std::uint64_t grown_bytes_max = 256 * mebibyte;  // resident between two operations; likewise
};

// Health and metrics: never on the public address.
struct Admin {
  std::string address = "127.0.0.1:9810";  // or "unix:/path"; empty: none
};

struct Daemon {
  seconds start_patience{20};  // how long a start waits for the database
  seconds drain_time{60};      // how long what runs may go on after SIGTERM before it is given back
};

// How often blogs are compared with their remotes; every time is spread by ± 10 %.
struct Reconcile {
  seconds every{90};             // 0: never
  seconds slowest{3'600};        // where doubling ends for a remote that fails
  seconds patience{15};          // for one remote's answer
  seconds freeze_after{86'400};  // gone for so long: frozen, posts stay
  std::uint32_t at_once = 4;     // remotes asked by one daemon
};

struct Verify {
  seconds every{86'400};  // 0: never
  bool repair = false;    // publish again what drifted
};

// GitHub's REST API: only where a token or an App's key is given. Other hosts' repositories are
// never told of.
struct Github {
  std::string api_url = "https://api.github.com";  // of an Enterprise server: https://host/api/v3
  std::string host = "github.com";                 // whose repositories it speaks of
  std::string token_file;                          // may write commit statuses, read webhooks
  std::string app_id;                              // of a GitHub App instead
  std::string app_key_file;                        // its key in PEM
  bool statuses = true;                            // tell commits what came of their upload
  seconds deliveries_every{300};                   // 0: never; failed deliveries are looked for
  seconds patience{10};                            // for the API to connect, or to say more

  [[nodiscard]] bool has_credentials() const { return !token_file.empty() || has_app(); }
  [[nodiscard]] bool has_app() const { return !app_id.empty() && !app_key_file.empty(); }
};

// What `devy-upload prune` takes away.
struct Prune {
  seconds older_than{86'400 * 90};        // ended uploads, deliveries, histories of deleted posts
  seconds bodies_older_than{86'400 * 7};  // of deliveries, whose rows stay
};

struct Site {
  // Where blogs are read, without a slash at its end: what a feed and a sitemap put before URLs.
  std::string url = "https://devy.example";
};

// Where deliveries and the API are heard: never the admin's address.
struct Listener {
  std::vector<std::string> addresses{"127.0.0.1:9800"};  // or "unix:/path"
  std::uint32_t threads = 16;                            // each may take a database session
  std::uint32_t connections_max = 512;
  std::uint32_t waiting_requests_max = 256;        // more get 503
  std::uint64_t bodies_bytes_max = 50 * mebibyte;  // of all requests at once
  seconds request_deadline{
      10};  // from a request's first byte, or its connection's begin, to its end
  std::string tls_certificate_file;  // PEM chain; with it TCP addresses speak TLS
  std::string tls_key_file;
  std::string client_ca_file;  // whoever shows a certificate must have it from there
};

struct Webhook {
  std::vector<std::string> secrets;              // "id /path/of/file [until TIME] [for GITHUB-ID]"
  std::uint64_t body_bytes_max = 25 * mebibyte;  // GitHub's own cap
  std::string sender_check = "warn";             // off, warn, enforce
  std::string ranges_url = "https://api.github.com/meta";
  std::string ranges_file;  // the last good copy; empty: in memory alone
  seconds ranges_refresh{86'400};
  std::vector<std::string> client_subjects;              // empty: no certificate is asked for
  std::uint32_t sender_requests_per_minute = 6'000;      // of one address; 0: no bound
  std::uint32_t repository_deliveries_per_minute = 600;  // 0: no bound
};

struct Api {
  std::vector<std::string> keys;  // "id ALG /path/of/file [until TIME]"
  std::string jwks_file;          // more keys, read again when it changes
  std::string issuer;             // of every token
  std::string audience;
  seconds leeway{60};  // between our clock and the issuer's
  seconds token_life_max{600};
  std::uint32_t account_requests_per_minute = 60;  // 0: no bound
};

struct Log {
  std::string level = "info";     // debug, info, warning, error
  std::string format = "logfmt";  // logfmt, json
};

struct Config {
  Database database;
  Git git;
  Queue queue;
  Limits limits;
  Reconcile reconcile;
  Verify verify;
  Prune prune;
  Github github;
  Site site;
  Workers workers;
  Admin admin;
  Listener listener;
  Webhook webhook;
  Api api;
  Daemon daemon;
  Log log;
  std::string runtime_directory;  // private folders of attempts; empty: /dev/shm, else $TMPDIR
};

}  // namespace devy::config
