// The table alone. The bounds allow every value that works; the defaults are the recommended ones.
#include <array>

#include "core/platform/config/setting.hpp"

namespace devy::config {
namespace {

template <auto section, auto member>
auto& at(Config& config) {
  return config.*section.*member;
}

template <auto section, auto part, auto member>
auto& at_part(Config& config) {
  return config.*section.*part.*member;
}

std::string& runtime_directory(Config& config) {
  return config.runtime_directory;
}

constexpr std::array<std::string_view, 3> schemes{"https", "http", "file"};
constexpr std::array<std::string_view, 4> log_levels{"debug", "info", "warning", "error"};
constexpr std::array<std::string_view, 3> sender_checks{"off", "warn", "enforce"};
constexpr std::array<std::string_view, 2> log_formats{"logfmt", "json"};
constexpr std::array<std::string_view, 2> sync_actors{"user_or_app", "app"};
constexpr std::array<std::string_view, 3> crm_modes{"activity", "deal", "deal_per_gist"};
constexpr std::array<std::string_view, 3> crm_edits{"update", "new", "ignore"};
constexpr std::array<std::string_view, 2> crm_deletes{"keep", "done"};
constexpr std::array<std::string_view, 2> signups{"closed", "open"};
constexpr std::array<std::string_view, 2> token_origins{"own", "any"};
constexpr std::array<std::string_view, 2> storages{"disk", "s3"};
constexpr std::array<std::string_view, 2> deliveries{"redirect", "proxy"};
constexpr std::array<std::string_view, 3> encryptions{"", "AES256", "aws:kms"};

constexpr std::uint64_t gibibyte = 1024 * mebibyte;
constexpr seconds minute{60};
constexpr seconds hour{3600};

template <auto member>
constexpr Setting text(std::string_view key, std::span<const std::string_view> choices = {}) {
  return {key, Text{member, choices}};
}

template <auto member>
constexpr Setting count(std::string_view key, std::uint32_t low, std::uint32_t high) {
  return {key, Count{member, low, high}};
}

template <auto member>
constexpr Setting size(std::string_view key, std::uint64_t low, std::uint64_t high) {
  return {key, Size{member, low, high}};
}

template <auto member>
constexpr Setting period(std::string_view key, milliseconds low, milliseconds high) {
  return {key, Period{member, low, high}};
}

using D = Database;
using G = Github;
using L = Limits;
using M = Mirror;
using F = Files;
using Gi = Gists;
using C = Crm;
using Sy = Sync;
using Q = Queue;
using H = Listener;
using R = Reconcile;
using Rn = Runners;
using S = Site;
using W = Workers;
using B = Web;
constexpr auto database = &Config::database;
constexpr auto git = &Config::git;
constexpr auto queue = &Config::queue;
constexpr auto limits = &Config::limits;
constexpr auto reconcile = &Config::reconcile;
constexpr auto runners = &Config::runners;
constexpr auto verify = &Config::verify;
constexpr auto prune = &Config::prune;
constexpr auto github = &Config::github;
constexpr auto mirror = &Config::mirror;
constexpr auto files = &Config::files;
constexpr auto s3 = &Files::s3;
constexpr auto gists = &Config::gists;
constexpr auto crm = &Config::crm;
constexpr auto sync = &Config::sync;
constexpr auto site = &Config::site;
constexpr auto workers = &Config::workers;
constexpr auto admin = &Config::admin;
constexpr auto listener = &Config::listener;
constexpr auto webhook = &Config::webhook;
constexpr auto api = &Config::api;
constexpr auto web = &Config::web;
constexpr auto daemon_ = &Config::daemon;  // daemon(3) has the plain name
constexpr auto log = &Config::log;

constexpr std::array table{
    text<runtime_directory>("runtime_directory"),

    text<at<database, &D::conninfo>>("database.conninfo"),
    period<at<database, &D::connect_timeout>>("database.connect_timeout", seconds{1}, minute * 5),
    period<at<database, &D::statement_timeout>>("database.statement_timeout", seconds{1}, hour),
    period<at<database, &D::lock_timeout>>("database.lock_timeout", seconds{1}, hour),
    period<at<database, &D::idle_in_transaction_timeout>>("database.idle_in_transaction_timeout",
                                                          seconds{1}, hour),
    period<at<database, &D::tcp_user_timeout>>("database.tcp_user_timeout", seconds{1}, hour),
    text<at<database, &D::listener_conninfo>>("database.listener_conninfo"),
    text<at<database, &D::worker_conninfo>>("database.worker_conninfo"),
    text<at<database, &D::metrics_conninfo>>("database.metrics_conninfo"),
    text<at<database, &D::web_conninfo>>("database.web_conninfo"),

    Setting{"git.url_schemes", TextList{at<git, &Git::url_schemes>, schemes}},
    Setting{"git.url_hosts", TextList{at<git, &Git::url_hosts>, {}}},
    Setting{"git.allow_private_addresses", Truth{at<git, &Git::allow_private_addresses>}},
    text<at<git, &Git::token_file>>("git.token_file"),
    text<at<git, &Git::token_host>>("git.token_host"),
    Setting{"git.token_for", TextList{at<git, &Git::token_for>, {}}},
    text<at<git, &Git::ca_file>>("git.ca_file"),

    period<at<queue, &Q::poll_interval>>("queue.poll_interval", milliseconds{10}, hour),
    period<at<queue, &Q::lease_ttl>>("queue.lease_ttl", seconds{2}, hour),
    period<at<queue, &Q::supersede_patience>>("queue.supersede_patience", seconds{0}, hour * 24),
    count<at<queue, &Q::max_attempts>>("queue.max_attempts", 1, 1000),
    period<at<queue, &Q::stalled_max>>("queue.stalled_max", minute, hour * 24 * 30),

    count<at<limits, &L::tree_entries_max>>("limits.tree_entries_max", 1, 10'000'000),
    count<at<limits, &L::tree_depth_max>>("limits.tree_depth_max", 1, 512),
    count<at<limits, &L::path_bytes_max>>("limits.path_bytes_max", 1, 4096),
    size<at<limits, &L::markdown_file_bytes_max>>("limits.markdown_file_bytes_max", 1,
                                                  64 * mebibyte),
    size<at<limits, &L::html_bytes_max>>("limits.html_bytes_max", 1, 256 * mebibyte),
    size<at<limits, &L::front_matter_bytes_max>>("limits.front_matter_bytes_max", 1, mebibyte),
    size<at<limits, &L::markdown_total_bytes_max>>("limits.markdown_total_bytes_max", 1,
                                                   16 * gibibyte),
    size<at<limits, &L::asset_bytes_max>>("limits.asset_bytes_max", 0, gibibyte),
    size<at<limits, &L::assets_bytes_max>>("limits.assets_bytes_max", 0, 64 * gibibyte),
    size<at<limits, &L::settings_bytes_max>>("limits.settings_bytes_max", 1, 64 * kibibyte),
    size<at<limits, &L::pack_bytes_max>>("limits.pack_bytes_max", 1, 64 * gibibyte),
    count<at<limits, &L::pack_objects_max>>("limits.pack_objects_max", 1, 1'000'000'000),
    period<at<limits, &L::fetch_stall>>("limits.fetch_stall", seconds{1}, hour),
    period<at<limits, &L::fetch_wall_clock>>("limits.fetch_wall_clock", seconds{1}, hour * 24),
    size<at<limits, &L::history_bytes_max>>("limits.history_bytes_max", 1, 64 * gibibyte),
    count<at<limits, &L::history_commits_max>>("limits.history_commits_max", 1, 10'000'000),
    period<at<limits, &L::history_wall_clock>>("limits.history_wall_clock", seconds{1}, hour),
    period<at<limits, &L::render_cpu>>("limits.render_cpu", seconds{1}, minute * 10),
    size<at<limits, &L::render_memory_bytes_max>>("limits.render_memory_bytes_max", 16 * mebibyte,
                                                  16 * gibibyte),
    size<at<limits, &L::worker_memory_bytes_max>>("limits.worker_memory_bytes_max", 64 * mebibyte,
                                                  64 * gibibyte),
    size<at<limits, &L::scratch_free_bytes_min>>("limits.scratch_free_bytes_min", 0,
                                                 1024 * gibibyte),

    period<at<reconcile, &R::every>>("reconcile.every", seconds{0}, hour * 24),
    period<at<reconcile, &R::every_max>>("reconcile.every_max", seconds{1}, hour * 24),
    period<at<reconcile, &R::timeout>>("reconcile.timeout", seconds{1}, minute * 10),
    period<at<reconcile, &R::freeze_after>>("reconcile.freeze_after", seconds{1}, hour * 24 * 365),
    count<at<reconcile, &R::concurrency>>("reconcile.concurrency", 1, 64),

    period<at<verify, &Verify::every>>("verify.every", seconds{0}, hour * 24 * 365),
    Setting{"verify.repair", Truth{at<verify, &Verify::repair>}},
    period<at<prune, &Prune::every>>("prune.every", seconds{0}, hour * 24),
    period<at<prune, &Prune::older_than>>("prune.older_than", seconds{0}, hour * 24 * 3'650),
    period<at<prune, &Prune::bodies_older_than>>("prune.bodies_older_than", seconds{0},
                                                 hour * 24 * 3'650),

    text<at<github, &G::api_url>>("github.api_url"),
    text<at<github, &G::host>>("github.host"),
    text<at<github, &G::token_file>>("github.token_file"),
    Setting{"github.token_for", TextList{at<github, &G::token_for>, {}}},
    text<at<github, &G::app_id>>("github.app_id"),
    text<at<github, &G::app_key_file>>("github.app_key_file"),
    Setting{"github.statuses", Truth{at<github, &G::statuses>}},
    period<at<github, &G::deliveries_every>>("github.deliveries_every", seconds{0}, hour * 24),
    period<at<github, &G::timeout>>("github.timeout", seconds{1}, minute * 5),
    count<at<github, &G::concurrency>>("github.concurrency", 1, 100),

    Setting{"mirror.enabled", Truth{at<mirror, &M::enabled>}},
    count<at<mirror, &M::parts>>("mirror.parts", 1, 64),
    Setting{"mirror.comments", Truth{at<mirror, &M::comments>}},
    Setting{"mirror.files", Truth{at<mirror, &M::files>}},
    text<at<mirror, &M::hook_url>>("mirror.hook_url"),
    period<at<mirror, &M::settle_after>>("mirror.settle_after", seconds{1}, hour),
    period<at<mirror, &M::settle_every>>("mirror.settle_every", seconds{0}, hour * 24),
    period<at<mirror, &M::rescan_every>>("mirror.rescan_every", seconds{0}, hour * 24 * 30),
    period<at<mirror, &M::rescan_unhooked_every>>("mirror.rescan_unhooked_every", seconds{0},
                                                  hour * 24 * 30),
    period<at<mirror, &M::full_every>>("mirror.full_every", seconds{0}, hour * 24 * 365),
    period<at<mirror, &M::audit_every>>("mirror.audit_every", seconds{0}, hour * 24 * 365),
    count<at<mirror, &M::reserve_percent>>("mirror.reserve_percent", 0, 90),
    period<at<mirror, &M::change_keep>>("mirror.change_keep", hour, hour * 24 * 3650),
    Setting{"mirror.anonymous_load", Truth{at<mirror, &M::anonymous_load>}},
    period<at<mirror, &M::access_max_age>>("mirror.access_max_age", seconds{0}, hour * 24),
    text<at<mirror, &M::token_key_file>>("mirror.token_key_file"),

    Setting{"files.enabled", Truth{at<files, &F::enabled>}},
    text<at<files, &F::storage>>("files.storage", storages),
    text<at<files, &F::directory>>("files.directory"),
    text<at<files, &F::node>>("files.node"),
    size<at<files, &F::file_bytes_max>>("files.file_bytes_max", 1, 900 * gibibyte),
    size<at<files, &F::request_bytes_max>>("files.request_bytes_max", 1, 900 * gibibyte),
    count<at<files, &F::request_files_max>>("files.request_files_max", 1, 100),
    size<at<files, &F::owner_bytes_max>>("files.owner_bytes_max", 0, 1024 * 1024 * gibibyte),
    count<at<files, &F::owner_files_max>>("files.owner_files_max", 0, 1'000'000'000),
    count<at<files, &F::owner_streams_max>>("files.owner_streams_max", 1, 10'000),
    count<at<files, &F::creations_per_minute>>("files.creations_per_minute", 0, 1'000'000),
    count<at<files, &F::streams_max>>("files.streams_max", 1, 10'000),
    count<at<files, &F::io_threads>>("files.io_threads", 1, 64),
    period<at<files, &F::stall>>("files.stall", seconds{1}, hour),
    size<at<files, &F::free_bytes_min>>("files.free_bytes_min", 0, 1024 * gibibyte),
    period<at<files, &F::temporary_for>>("files.temporary_for", minute, hour * 24 * 30),
    period<at<files, &F::keep_deleted>>("files.keep_deleted", seconds{0}, hour * 24 * 365),
    period<at<files, &F::cleanup_every>>("files.cleanup_every", seconds{0}, hour * 24),
    size<at<files, &F::scrub_rate>>("files.scrub_rate", 0, 10 * gibibyte),
    period<at<files, &F::upload_for_max>>("files.upload_for_max", minute, hour * 24 * 30),
    Setting{"files.types", TextList{at<files, &F::types>, {}}},
    text<at<files, &F::github_tokens>>("files.github_tokens", token_origins),
    Setting{"files.origins", TextList{at<files, &F::origins>, {}}},
    text<at<files, &F::public_url>>("files.public_url"),
    text<at<files, &F::link_key_file>>("files.link_key_file"),
    text<at<files, &F::accel_path>>("files.accel_path"),
    text<at<files, &F::group>>("files.group"),
    text<at_part<files, s3, &FilesS3::endpoint>>("files.s3.endpoint"),
    text<at_part<files, s3, &FilesS3::region>>("files.s3.region"),
    text<at_part<files, s3, &FilesS3::bucket>>("files.s3.bucket"),
    text<at_part<files, s3, &FilesS3::prefix>>("files.s3.prefix"),
    Setting{"files.s3.path_style", Truth{at_part<files, s3, &FilesS3::path_style>}},
    text<at_part<files, s3, &FilesS3::credentials_file>>("files.s3.credentials_file"),
    text<at_part<files, s3, &FilesS3::ca_file>>("files.s3.ca_file"),
    size<at_part<files, s3, &FilesS3::part_bytes>>("files.s3.part_bytes", 5 * mebibyte,
                                                   5 * gibibyte),
    count<at_part<files, s3, &FilesS3::parallel>>("files.s3.parallel", 1, 16),
    text<at_part<files, s3, &FilesS3::delivery>>("files.s3.delivery", deliveries),
    text<at_part<files, s3, &FilesS3::sse>>("files.s3.sse", encryptions),

    Setting{"gists.enabled", Truth{at<gists, &Gi::enabled>}},
    period<at<gists, &Gi::every>>("gists.every", seconds{0}, hour * 24 * 30),
    period<at<gists, &Gi::spread>>("gists.spread", seconds{0}, hour * 24),
    period<at<gists, &Gi::full_every>>("gists.full_every", seconds{0}, hour * 24 * 365),
    period<at<gists, &Gi::overlap>>("gists.overlap", seconds{0}, hour * 24 * 30),
    count<at<gists, &Gi::users_max>>("gists.users_max", 1, 10'000'000),
    count<at<gists, &Gi::per_user_max>>("gists.per_user_max", 1, 1'000'000),
    count<at<gists, &Gi::files_max>>("gists.files_max", 1, 10'000),
    size<at<gists, &Gi::file_bytes_max>>("gists.file_bytes_max", 1, 100 * mebibyte),
    size<at<gists, &Gi::content_bytes_max>>("gists.content_bytes_max", 0, 10 * mebibyte),
    Setting{"gists.raw_hosts", TextList{at<gists, &Gi::raw_hosts>, {}}},
    text<at<gists, &Gi::git_host>>("gists.git_host"),
    Setting{"gists.open_networks", TextList{at<gists, &Gi::open_networks>, {}}},

    text<at<crm, &C::company>>("crm.company"),
    text<at<crm, &C::api_url>>("crm.api_url"),
    text<at<crm, &C::token_file>>("crm.token_file"),
    text<at<crm, &C::mode>>("crm.mode", crm_modes),
    text<at<crm, &C::type>>("crm.type"),
    count<at<crm, &C::owner_id>>("crm.owner_id", 0, 4'294'967'295),
    count<at<crm, &C::org_id>>("crm.org_id", 0, 4'294'967'295),
    count<at<crm, &C::pipeline_id>>("crm.pipeline_id", 0, 4'294'967'295),
    count<at<crm, &C::stage_id>>("crm.stage_id", 0, 4'294'967'295),
    text<at<crm, &C::on_edit>>("crm.on_edit", crm_edits),
    text<at<crm, &C::on_delete>>("crm.on_delete", crm_deletes),
    size<at<crm, &C::note_bytes_max>>("crm.note_bytes_max", 1'000, mebibyte),
    count<at<crm, &C::requests_per_2s>>("crm.requests_per_2s", 1, 1'000),
    period<at<crm, &C::patience>>("crm.patience", seconds{1}, minute * 5),

    Setting{"sync.enabled", Truth{at<sync, &Sy::enabled>}},
    text<at<sync, &Sy::marker_key_file>>("sync.marker_key_file"),
    text<at<sync, &Sy::token_key_file>>("sync.token_key_file"),
    text<at<sync, &Sy::act_as>>("sync.act_as", sync_actors),
    count<at<sync, &Sy::writes_per_minute>>("sync.writes_per_minute", 1, 10'000),
    count<at<sync, &Sy::content_per_hour>>("sync.content_per_hour", 1, 100'000),
    count<at<sync, &Sy::points_per_minute>>("sync.points_per_minute", 10, 100'000),
    period<at<sync, &Sy::write_gap>>("sync.write_gap", seconds{0}, seconds{60}),
    count<at<sync, &Sy::lookups>>("sync.lookups", 1, 10),
    Setting{"sync.merge_bodies", Truth{at<sync, &Sy::merge_bodies>}},
    Setting{"sync.labels_create", Truth{at<sync, &Sy::labels_create>}},
    period<at<sync, &Sy::archive_after>>("sync.archive_after", seconds{0}, hour * 24 * 3'650),
    period<at<sync, &Sy::verify_every>>("sync.verify_every", seconds{0}, hour * 24 * 365),
    count<at<sync, &Sy::unsent_max>>("sync.unsent_max", 1, 10'000'000),

    text<at<site, &S::url>>("site.url"),

    count<at<workers, &W::min>>("workers.min", 1, 256),
    count<at<workers, &W::max>>("workers.max", 1, 256),
    period<at<workers, &W::idle>>("workers.idle", seconds{1}, hour * 24),
    period<at<workers, &W::stall>>("workers.stall", seconds{1}, hour),
    period<at<workers, &W::wall_clock>>("workers.wall_clock", seconds{1}, hour * 24),
    count<at<workers, &W::operations_max>>("workers.operations_max", 1, 1'000'000'000),
    size<at<workers, &W::grown_bytes_max>>("workers.grown_bytes_max", 16 * mebibyte, 64 * gibibyte),

    count<at<runners, &Rn::github>>("runners.github", 1, 64),
    count<at<runners, &Rn::crm>>("runners.crm", 1, 64),

    text<at<admin, &Admin::address>>("admin.address"),

    Setting{"listener.addresses", TextList{at<listener, &H::addresses>, {}}},
    count<at<listener, &H::threads>>("listener.threads", 1, 256),
    count<at<listener, &H::connections_max>>("listener.connections_max", 1, 100'000),
    size<at<listener, &H::bodies_bytes_max>>("listener.bodies_bytes_max", mebibyte, 16 * gibibyte),
    size<at<listener, &H::sender_bodies_bytes_max>>("listener.sender_bodies_bytes_max", mebibyte,
                                                    16 * gibibyte),
    period<at<listener, &H::request_deadline>>("listener.request_deadline", seconds{1}, minute * 5),
    text<at<listener, &H::tls_certificate_file>>("listener.tls_certificate_file"),
    text<at<listener, &H::tls_key_file>>("listener.tls_key_file"),
    text<at<listener, &H::client_ca_file>>("listener.client_ca_file"),

    Setting{"webhook.secrets", TextList{at<webhook, &Webhook::secrets>, {}}},
    size<at<webhook, &Webhook::body_bytes_max>>("webhook.body_bytes_max", kibibyte, 25 * mebibyte),
    size<at<webhook, &Webhook::repository_bodies_bytes_max>>("webhook.repository_bodies_bytes_max",
                                                             0, 1024 * gibibyte),
    text<at<webhook, &Webhook::sender_check>>("webhook.sender_check", sender_checks),
    text<at<webhook, &Webhook::ranges_url>>("webhook.ranges_url"),
    text<at<webhook, &Webhook::ranges_file>>("webhook.ranges_file"),
    period<at<webhook, &Webhook::ranges_refresh>>("webhook.ranges_refresh", minute, hour * 168),
    Setting{"webhook.client_subjects", TextList{at<webhook, &Webhook::client_subjects>, {}}},
    count<at<webhook, &Webhook::unsigned_requests_per_minute>>(
        "webhook.unsigned_requests_per_minute", 0, 1'000'000),

    Setting{"api.keys", TextList{at<api, &Api::keys>, {}}},
    text<at<api, &Api::jwks_file>>("api.jwks_file"),
    text<at<api, &Api::issuer>>("api.issuer"),
    text<at<api, &Api::audience>>("api.audience"),
    period<at<api, &Api::leeway>>("api.leeway", seconds{0}, minute * 5),
    period<at<api, &Api::token_life_max>>("api.token_life_max", seconds{1}, hour * 24),
    count<at<api, &Api::account_requests_per_minute>>("api.account_requests_per_minute", 0,
                                                      1'000'000),

    Setting{"web.addresses", TextList{at<web, &B::addresses>, {}}},
    text<at<web, &B::url>>("web.url"),
    text<at<web, &B::client_id>>("web.client_id"),
    text<at<web, &B::client_secret_file>>("web.client_secret_file"),
    text<at<web, &B::key_file>>("web.key_file"),
    text<at<web, &B::signup>>("web.signup", signups),
    text<at<web, &B::scopes>>("web.scopes"),
    period<at<web, &B::session_idle>>("web.session_idle", minute * 5, hour * 24 * 30),
    period<at<web, &B::session_life>>("web.session_life", minute * 5, hour * 24 * 90),
    count<at<web, &B::polls_per_second>>("web.polls_per_second", 1, 100'000),
    count<at<web, &B::threads>>("web.threads", 1, 256),

    period<at<daemon_, &Daemon::start_timeout>>("daemon.start_timeout", seconds{0}, hour),
    period<at<daemon_, &Daemon::drain_time>>("daemon.drain_time", seconds{0}, hour),

    text<at<log, &Log::level>>("log.level", log_levels),
    text<at<log, &Log::format>>("log.format", log_formats),
};

}  // namespace

std::span<const Setting> settings() {
  return table;
}

const Setting* find_setting(std::string_view key) {
  for (const auto& setting : table)
    if (setting.key == key) return &setting;
  return nullptr;
}

}  // namespace devy::config
