#pragma once
// Every setting of both programs, with its default: plain structs without behaviour. load() fills
// them, check() validates them. Documented key by key in devy-upload.toml(5). Values; any thread.

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

// The limits of content.md, "Guards". Exceeding one gives a clear error that names it.
struct Limits {
  std::uint32_t tree_entries_max = 50'000;
  std::uint32_t tree_depth_max = 64;
  std::uint32_t path_bytes_max = 1'024;
  std::uint64_t markdown_file_bytes_max = 512 * kibibyte;
  std::uint64_t html_bytes_max = 8 * mebibyte;
  std::uint64_t front_matter_bytes_max = 64 * kibibyte;
  std::uint64_t markdown_total_bytes_max = 128 * mebibyte;
  std::uint64_t asset_bytes_max = 10 * mebibyte;
  std::uint64_t assets_bytes_max = 512 * mebibyte;   // limit for an upload's new assets together
  std::uint64_t settings_bytes_max = 64 * kibibyte;  // devy.toml
  std::uint64_t pack_bytes_max = 512 * mebibyte;
  std::uint32_t pack_objects_max = 2'000'000;
  seconds fetch_stall{30};
  seconds fetch_wall_clock{600};
  // For the dates of files that have none: a history without contents is fetched up to here.
  std::uint64_t history_bytes_max = 64 * mebibyte;
  std::uint32_t history_commits_max = 100'000;
  seconds history_wall_clock{60};
  seconds render_cpu{5};  // CPU time for rendering one file
  std::uint64_t render_memory_bytes_max = 256 * mebibyte;
  std::uint64_t worker_memory_bytes_max = 512 * mebibyte;
  // With less free space, no new operation begins.
  std::uint64_t scratch_free_bytes_min = 64 * mebibyte;
};

// Decides which repository addresses may be fetched, and with which credentials.
struct Git {
  std::vector<std::string> url_schemes{"https"};     // "http" and "file" may be added deliberately
  std::vector<std::string> url_hosts{"github.com"};  // empty: any host
  bool allow_private_addresses = false;              // loopback, link-local, RFC 1918 literals
  std::string token_file;                            // sent to `token_host` over https only
  std::string token_host = "github.com";
  std::vector<std::string> token_for;  // owners and repositories (token_scope.hpp); no others
  std::string ca_file;                 // PEM bundle to use instead of the system's
};

struct Queue {
  milliseconds poll_interval{2'000};  // ± 20 %; polling is the guarantee, NOTIFY only a hint
  seconds lease_ttl{30};              // heartbeat every third of it
  seconds supersede_patience{60};     // product.md: a stream of pushes must not starve a blog
  std::uint32_t max_attempts = 12;
  // An operation that is given back for so long without a new step (rate limits) fails.
  seconds stalled_max{86'400};
};

struct Database {
  std::string conninfo;  // empty: libpq's environment, else the private cluster
  seconds connect_timeout{5};
  seconds statement_timeout{30};
  seconds lock_timeout{5};
  // Shorter than the lease, so that a stuck session frees its rows.
  seconds idle_in_transaction_timeout{25};
  seconds tcp_user_timeout{15};
  // The conninfo of each of the daemon's roles, with its own rights (`db roles`); empty means
  // `conninfo`.
  std::string listener_conninfo;
  std::string worker_conninfo;
  std::string metrics_conninfo;
  std::string web_conninfo;
};

// The daemon's worker processes. All settings but the first three keep one operation from delaying
// the others.
struct Workers {
  std::uint32_t min = 1;
  std::uint32_t max = 4;
  seconds idle{60};         // a worker above `min` that has been idle this long is stopped
  seconds stall{120};       // killed when an operation shows no progress
  seconds wall_clock{900};  // killed when one operation takes longer
  std::uint32_t operations_max = 1'000;  // after this many, a new process replaces the worker
  // Likewise; resident memory between two operations.
  std::uint64_t grown_bytes_max = 256 * mebibyte;
};

// Health and metrics, which must never be on the public address.
struct Admin {
  std::string address = "127.0.0.1:9810";  // or "unix:/path"; empty: no admin server
};

struct Daemon {
  seconds start_timeout{20};  // how long the daemon waits for the database at its start
  // How long running operations may continue after SIGTERM before they are given back.
  seconds drain_time{60};
};

// Processes of a daemon for each lane besides `work`: they ask other servers, so that a slow one
// delays no upload.
struct Runners {
  std::uint32_t github = 2;
  std::uint32_t crm = 1;
};

// Schedule for comparing blogs with their remotes; every time varies by ± 10 %.
struct Reconcile {
  seconds every{90};         // 0: never
  seconds every_max{3'600};  // limit for the doubling interval of a remote that fails
  seconds timeout{15};       // timeout for the response of one remote
  // A blog whose repository does not exist for this long is frozen; its posts stay.
  seconds freeze_after{86'400};
  std::uint32_t concurrency = 4;  // remotes that one daemon asks concurrently
};

struct Verify {
  seconds every{86'400};  // 0: never
  bool repair = false;    // publish blogs again that differ from their tree
};

// GitHub's REST API; it is used only when a token or an App's key is configured. Repositories of
// other hosts are never reported to it.
struct Github {
  std::string api_url = "https://api.github.com";  // for an Enterprise server: https://host/api/v3
  std::string host = "github.com";  // the host of the repositories that the API is responsible for
  std::string token_file;           // may write commit statuses, read webhooks
  std::vector<std::string> token_for;  // owners and repositories (token_scope.hpp); no others
  std::string app_id;                  // of a GitHub App, to be used instead of a token
  std::string app_key_file;            // the App's private key in PEM
  bool statuses = true;                // send commit statuses with the results of uploads
  seconds deliveries_every{300};       // interval of the search for failed deliveries; 0: never
  seconds timeout{10};                 // timeout for connecting to the API, and for its silence
  std::uint32_t concurrency = 8;       // operations that ask the API at once, over all daemons

  [[nodiscard]] bool has_credentials() const { return !token_file.empty() || has_app(); }
  [[nodiscard]] bool has_app() const { return !app_id.empty() && !app_key_file.empty(); }
};

// The mirror: GitHub's data as PostgreSQL tables.
struct Mirror {
  bool enabled = false;
  std::uint32_t parts = 4;   // of a long list, read at the same time
  bool comments = false;     // on issues and pull requests
  bool files = true;         // details and files of pull requests, a request or two each
  std::string hook_url;      // at which GitHub reaches the daemon; empty: no hooks are installed
  seconds settle_after{5};   // the age of an uncertain row, at least, when its list is read again
  seconds settle_every{30};  // a list is read so no more often; 0: never
  seconds rescan_every{21'600};        // a list is read again for what changed; 0: never
  seconds rescan_unhooked_every{900};  // likewise, of a repository without a hook
  seconds full_every{604'800};         // and whole; 0: never
  seconds audit_every{86'400};  // some rows of each repository are compared so often; 0: never
  std::uint32_t reserve_percent = 10;  // of an hour's requests: scans leave it to others
  seconds change_keep{86'400 * 30};    // the age until which the feed keeps a change
  bool anonymous_load = false;    // whoever comes may load public repositories, and read of them
  seconds access_max_age{3'600};  // what a user may do in a repository is believed so long
  std::string token_key_file;     // seals users' tokens until their operations end; empty: none
};

// Files: uploads by people.
// Where contents of files are kept if files.storage is "s3".
struct FilesS3 {
  std::string endpoint;  // "https://s3.example:443": scheme, host, port
  std::string region = "us-east-1";
  std::string bucket;
  std::string prefix;  // of all keys: "files/"
  // The bucket stands in the path (true), or in front of the endpoint's host.
  bool path_style = true;
  std::string credentials_file;
  std::string ca_file;  // PEM; empty: the system's
  std::uint64_t part_bytes = 8 * mebibyte;
  std::uint32_t parallel = 2;         // parts of one content that are sent at the same time
  std::string delivery = "redirect";  // whoever downloads asks S3 himself, or us (proxy)
  std::string sse;                    // x-amz-server-side-encryption; empty: none is asked for
};

struct Files {
  bool enabled = false;
  std::string storage = "disk";  // where contents are kept in the end: disk, s3
  std::string directory;         // where the bytes are; of this program alone
  std::string node = "a";        // names this machine among those that have files
  std::uint64_t file_bytes_max = 1'024 * mebibyte;
  std::uint64_t request_bytes_max = 2'048 * mebibyte;
  std::uint32_t request_files_max = 20;
  std::uint64_t owner_bytes_max = 10'240 * mebibyte;
  std::uint32_t owner_files_max = 10'000;
  std::uint32_t owner_streams_max = 8;              // uploads of one owner at the same time
  std::uint32_t creations_per_minute = 60;          // of one owner
  std::uint32_t streams_max = 256;                  // uploads at the same time
  std::uint32_t io_threads = 4;                     // that write and read files
  seconds stall{30};                                // an upload without a byte for so long ends
  std::uint64_t free_bytes_min = 1'024 * mebibyte;  // of the disk: what uploads leave
  seconds temporary_for{86'400};                    // files that nobody persists, and their tokens
  seconds keep_deleted{86'400};                     // deleted files can be restored so long
  seconds cleanup_every{300};                       // what nobody has is looked for; 0: never
  std::uint64_t scrub_rate = 4 * mebibyte;          // bytes read again a second; 0: none
  seconds upload_for_max{86'400 * 7};               // from the beginning of a resumable upload
  std::vector<std::string> types;                   // that are allowed, by bytes; empty: any
  // The GitHub tokens that are believed: personal ones (own), or those of any App (any).
  std::string github_tokens = "own";
  // Other sites whose pages may upload by tus, as browsers write them: "https://a.example".
  std::vector<std::string> origins;
  // The origin on which links to files are served, a name of its own; empty: there are no links.
  std::string public_url;
  std::string link_key_file;  // base64 of 32 bytes, mode 0600: signs these links
  // The path at which nginx has the folder objects/, for it alone ("/devy-files/"): downloads that
  // come through it are sent by it. Empty: by this program.
  std::string accel_path;
  std::string group;  // the one that nginx reads these folders by; `file init` sets it
  FilesS3 s3;
};

// Gists: the public gists of tracked users of GitHub.
struct Gists {
  bool enabled = false;
  seconds every{10'800};       // between two routines, which scan all tracked users; 0: never
  seconds spread{600};         // the scans of a routine begin within this time
  seconds full_every{86'400};  // a user's list is read whole so often
  seconds overlap{86'400};     // lists are read again from so long before the newest gist known
  std::uint32_t users_max = 100'000;
  std::uint32_t per_user_max = 10'000;             // gists
  std::uint32_t files_max = 1'000;                 // of a gist
  std::uint64_t file_bytes_max = 10 * mebibyte;    // larger ones are not fetched
  std::uint64_t content_bytes_max = 1 * mebibyte;  // of a file that are kept
  // Contents are fetched from these hosts alone, a port behind some, without a credential.
  std::vector<std::string> raw_hosts{"gist.githubusercontent.com"};
  std::string git_host = "gist.github.com";  // whom large gists are fetched from
  // Senders there need no token to visit, and may track users: addresses and networks.
  std::vector<std::string> open_networks{"127.0.0.0/8", "::1/128"};
};

// The CRM, Pipedrive, that is told of each found gist.
struct Crm {
  std::string company;            // its name in the CRM's addresses; empty: the CRM is told nothing
  std::string api_url;            // with "/api/v2"; empty: that of the company
  std::string token_file;         // without it nothing is recorded
  std::string mode = "activity";  // activity, deal, deal_per_gist
  std::string type = "task";      // of activities
  std::uint32_t owner_id = 0;     // the ids in the CRM that activities and deals get; 0: none
  std::uint32_t org_id = 0;
  std::uint32_t pipeline_id = 0;
  std::uint32_t stage_id = 0;
  std::string on_edit = "update";  // a later version: update, new, ignore
  std::string on_delete = "keep";  // a gist that is gone: keep, done
  std::uint64_t note_bytes_max = 60'000;
  std::uint32_t requests_per_2s = 15;
  seconds patience{10};  // how long an answer is waited for
};

// Tasks and comments of projects, kept equal with GitHub.
struct Sync {
  bool enabled = false;
  std::string marker_key_file;  // 32 bytes or more: marks what we make at GitHub as ours
  std::string token_key_file;   // 32 bytes: seals users' tokens; without it the App writes for all
  // The one who speaks at GitHub: the author of what is new where his token is known, or the App
  // for all.
  std::string act_as = "user_or_app";
  std::uint32_t writes_per_minute = 60;  // of one credential, over all daemons
  std::uint32_t content_per_hour = 400;  // new issues and comments
  std::uint32_t points_per_minute = 700;
  seconds write_gap{1};       // between two writes
  std::uint32_t lookups = 3;  // times that a creation without an answer is looked for
  bool merge_bodies = true;   // texts that both sides changed are joined line by line
  bool labels_create = false;
  seconds archive_after{86'400 * 30};  // tasks that were closed so long ago; 0: never
  seconds verify_every{86'400};        // records are compared with the mirror's rows; 0: never
  std::uint32_t unsent_max = 10'000;   // tasks of a project that are not sent yet
};

// Retention: the ages at which records are deleted, by the daemon and by `devy-upload prune`.
struct Prune {
  seconds every{3'600};                   // how often the daemon looks for old ones; 0: never
  seconds older_than{86'400 * 90};        // ended uploads, deliveries, histories of deleted posts
  seconds bodies_older_than{86'400 * 7};  // bodies of deliveries; the rows stay
};

struct Site {
  // The origin of blogs' URLs, without a slash at its end: feeds and sitemaps put it before URLs.
  std::string url = "https://devy.example";
};

// The addresses of webhooks and the API; they must differ from the admin's address.
struct Listener {
  std::vector<std::string> addresses{"127.0.0.1:9800"};  // or "unix:/path"
  std::uint32_t threads = 16;                            // each may use a database session
  std::uint32_t connections_max = 512;
  std::uint64_t bodies_bytes_max = 50 * mebibyte;         // for all requests together
  std::uint64_t sender_bodies_bytes_max = 25 * mebibyte;  // for those of one address together
  // Time limit from a request's first byte, or from the beginning of its connection, to its end.
  seconds request_deadline{10};
  std::string tls_certificate_file;  // PEM chain; when set, TCP addresses use TLS
  std::string tls_key_file;
  std::string client_ca_file;  // a certificate that a client shows must be issued by these
};

struct Webhook {
  std::vector<std::string> secrets;              // "id /path/of/file [until TIME] [for GITHUB-ID]"
  std::uint64_t body_bytes_max = 25 * mebibyte;  // GitHub's own cap
  // Bytes of bodies that are kept of one repository and day; rows are stored without bodies beyond.
  std::uint64_t repository_bodies_bytes_max = 64 * mebibyte;
  std::string sender_check = "warn";  // off, warn, enforce
  std::string ranges_url = "https://api.github.com/meta";
  std::string ranges_file;  // stores the last good copy; empty: kept in memory only
  seconds ranges_refresh{86'400};
  std::vector<std::string> client_subjects;  // empty: no certificate is requested
  // Requests of one address without a valid signature; 0: no limit. What is rightly signed has no
  // such limit: GitHub sends hundreds of deliveries within a second, and each only once.
  std::uint32_t unsigned_requests_per_minute = 600;
};

struct Api {
  std::vector<std::string> keys;  // "id ALG /path/of/file [until TIME]"
  std::string jwks_file;          // further keys; read again when it changes
  std::string issuer;             // required of every token
  std::string audience;
  seconds leeway{60};  // tolerance between our clock and the issuer's
  seconds token_life_max{600};
  std::uint32_t account_requests_per_minute = 60;  // 0: no limit
};

// The pages and JSON APIs that people and scripts use: web.md. Every route is at every address.
struct Web {
  std::vector<std::string> addresses{"127.0.0.1:8000", "127.0.0.1:8080"};  // or "unix:/path"
  std::string url;        // the origin that browsers see; empty: the first address
  std::string client_id;  // of the OAuth or GitHub App; empty: nobody logs in by GitHub
  std::string client_secret_file;
  std::string key_file;           // seals GitHub's tokens for the time of a session
  std::string signup = "closed";  // whether a login makes an account that is missing: closed, open
  std::string scopes = "user:email";
  seconds session_idle{43'200};
  seconds session_life{604'800};
  std::uint32_t polls_per_second =
      200;                    // of live parts; above it, browsers are told to ask less often
  std::uint32_t threads = 8;  // each may use a database session
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
  Runners runners;
  Reconcile reconcile;
  Verify verify;
  Prune prune;
  Github github;
  Mirror mirror;
  Files files;
  Gists gists;
  Crm crm;
  Sync sync;
  Site site;
  Workers workers;
  Admin admin;
  Listener listener;
  Webhook webhook;
  Api api;
  Web web;
  Daemon daemon;
  Log log;
  std::string runtime_directory;  // for private folders of attempts; empty: /dev/shm, else $TMPDIR
};

}  // namespace devy::config
