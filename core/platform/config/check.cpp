#include "core/platform/config/check.hpp"

#include <algorithm>
#include <string_view>

#include "core/platform/config/token_scope.hpp"

namespace devy::config {
namespace {

// A host as it stands in an address, with its port if it has one; an IPv6 address in brackets.
bool is_host(const std::string& text) {
  constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyz0123456789.-_:[]";
  return !text.empty() && text.find_first_not_of(allowed) == std::string::npos;
}

// "https://devy.example:8443": what can be put before a path.
bool is_origin(std::string_view url) {
  if (url.starts_with("https://")) url.remove_prefix(8);
  else if (url.starts_with("http://")) url.remove_prefix(7);
  else return false;
  return is_host(std::string(url));
}

bool is_absolute_or_empty(const std::string& path) {
  return path.empty() || path.front() == '/';
}

// A token without owners or repositories that it is for is sent for none, which nobody can mean.
void check_token(const std::string& section, const std::string& file,
                 const std::vector<std::string>& scopes, std::vector<Finding>& findings) {
  // Relative to what? A daemon's folder is not its operator's.
  if (!is_absolute_or_empty(file))
    findings.push_back({section + ".token_file", "must be an absolute path"});
  if (!std::ranges::all_of(scopes, is_token_scope))
    findings.push_back({section + ".token_for",
                        "must hold owners or repositories: \"owner\" or "
                        "\"owner/name\""});
  if (!file.empty() && scopes.empty())
    findings.push_back({section + ".token_for",
                        "must name the owners or repositories that "
                        "token_file is for: it is sent for no others"});
}

void check_git(const Git& git, std::vector<Finding>& findings) {
  if (git.url_schemes.empty())
    findings.push_back({"git.url_schemes", "must name at least one scheme"});
  for (const auto& host : git.url_hosts)
    if (!is_host(host))
      findings.push_back(
          {"git.url_hosts", "must hold host names in lower case, without scheme or path"});
  if (!is_host(git.token_host))
    findings.push_back(
        {"git.token_host", "must be a host name in lower case, without scheme or path"});
  // Relative to what? A daemon's folder is not its operator's.
  check_token("git", git.token_file, git.token_for, findings);
  if (!is_absolute_or_empty(git.ca_file))
    findings.push_back({"git.ca_file", "must be an absolute path"});
}

// "https://host/api/v3": an address that paths are put behind.
bool is_api_url(std::string_view url, const Git& git) {
  const bool is_plain_allowed =
      std::find(git.url_schemes.begin(), git.url_schemes.end(), "http") != git.url_schemes.end();
  if (url.starts_with("https://")) url.remove_prefix(8);
  else if (url.starts_with("http://") && is_plain_allowed) url.remove_prefix(7);
  else return false;
  const auto host = url.substr(0, url.find('/'));
  return is_host(std::string(host)) && !url.ends_with('/') &&
         url.find_first_of("?#@ ") == std::string_view::npos;
}

void check_github(const Config& config, std::vector<Finding>& findings) {
  const auto& github = config.github;
  if (!is_api_url(github.api_url, config.git))
    findings.push_back(
        {"github.api_url",
         "must be https:// and a host, without a slash at its end (http:// only where "
         "git.url_schemes has it)"});
  if (!is_host(github.host))
    findings.push_back(
        {"github.host", "must be a host name in lower case, without scheme or path"});
  check_token("github", github.token_file, github.token_for, findings);
  if (!is_absolute_or_empty(github.app_key_file))
    findings.push_back({"github.app_key_file", "must be an absolute path"});
  if (github.app_id.empty() != github.app_key_file.empty())
    findings.push_back({"github.app_key_file", "must be given with app_id"});
  if (github.has_app() && !github.token_file.empty())
    findings.push_back({"github.token_file", "is not used beside app_key_file", true});
}

void check_times(const Config& config, std::vector<Finding>& findings) {
  const auto& database = config.database;
  if (database.idle_in_transaction_timeout >= config.queue.lease_ttl)
    findings.push_back({"database.idle_in_transaction_timeout",
                        "should be below queue.lease_ttl: a stuck session keeps its rows locked "
                        "after its lease ran out",
                        true});
  if (database.lock_timeout > database.statement_timeout)
    findings.push_back({"database.lock_timeout",
                        "should not be above database.statement_timeout, which ends the wait first",
                        true});
  if (config.limits.fetch_stall > config.limits.fetch_wall_clock)
    findings.push_back({"limits.fetch_stall",
                        "should not be above limits.fetch_wall_clock, which ends the fetch first",
                        true});
}

void check_limits(const Limits& limits, std::vector<Finding>& findings) {
  if (limits.markdown_file_bytes_max > limits.markdown_total_bytes_max)
    findings.push_back({"limits.markdown_file_bytes_max",
                        "should not be above limits.markdown_total_bytes_max", true});
  if (limits.front_matter_bytes_max > limits.markdown_file_bytes_max)
    findings.push_back({"limits.front_matter_bytes_max",
                        "should not be above limits.markdown_file_bytes_max", true});
}

void check_workers(const Config& config, std::vector<Finding>& findings) {
  const auto& workers = config.workers;
  if (workers.min > workers.max)
    findings.push_back({"workers.min", "must not be above workers.max"});
  if (workers.stall > workers.wall_clock)
    findings.push_back(
        {"workers.stall", "should not be above workers.wall_clock, which ends it first", true});
  if (config.limits.fetch_wall_clock > workers.wall_clock)
    findings.push_back({"limits.fetch_wall_clock",
                        "should not be above workers.wall_clock, which kills the worker first",
                        true});
  if (workers.grown_bytes_max > config.limits.worker_memory_bytes_max)
    findings.push_back({"workers.grown_bytes_max",
                        "should not be above limits.worker_memory_bytes_max, which ends it first",
                        true});
}

void check_listener(const Config& config, std::vector<Finding>& findings) {
  const auto& listener = config.listener;
  const auto must_be_absolute = [&](const char* key, const std::string& path) {
    if (!is_absolute_or_empty(path)) findings.push_back({key, "must be an absolute path"});
  };
  must_be_absolute("listener.tls_certificate_file", listener.tls_certificate_file);
  must_be_absolute("listener.tls_key_file", listener.tls_key_file);
  must_be_absolute("listener.client_ca_file", listener.client_ca_file);
  must_be_absolute("webhook.ranges_file", config.webhook.ranges_file);
  if (!is_api_url(config.webhook.ranges_url, config.git))
    findings.push_back({"webhook.ranges_url",
                        "must be https:// and a host (http:// only where git.url_schemes has it)"});
  must_be_absolute("api.jwks_file", config.api.jwks_file);
  if (listener.tls_certificate_file.empty() != listener.tls_key_file.empty())
    findings.push_back({"listener.tls_key_file", "must be given with tls_certificate_file"});
  if (!listener.client_ca_file.empty() && listener.tls_key_file.empty())
    findings.push_back({"listener.client_ca_file", "must not be given without tls_key_file"});
  if (config.webhook.body_bytes_max > listener.bodies_bytes_max)
    findings.push_back({"listener.bodies_bytes_max", "must not be below webhook.body_bytes_max"});
  if (config.webhook.body_bytes_max > listener.sender_bodies_bytes_max)
    findings.push_back(
        {"listener.sender_bodies_bytes_max", "must not be below webhook.body_bytes_max"});
  const bool has_keys = !config.api.keys.empty() || !config.api.jwks_file.empty();
  if (has_keys && (config.api.issuer.empty() || config.api.audience.empty()))
    findings.push_back({"api.issuer", "must be given, and api.audience, where there are keys"});
}

void check_web(const Web& web, std::vector<Finding>& findings) {
  if (!web.url.empty() && !is_origin(web.url))
    findings.push_back({"web.url",
                        "must be https:// or http:// and a host in lower case, with no more than a "
                        "port after it"});
  if (!is_absolute_or_empty(web.client_secret_file))
    findings.push_back({"web.client_secret_file", "must be an absolute path"});
  if (!is_absolute_or_empty(web.key_file))
    findings.push_back({"web.key_file", "must be an absolute path"});
  if (web.client_id.empty() != web.client_secret_file.empty())
    findings.push_back({"web.client_secret_file", "must be given with web.client_id"});
  if (!web.client_id.empty() && web.url.empty())
    findings.push_back(
        {"web.url", "must be given with web.client_id: GitHub sends people back to it"});
  if (web.session_idle > web.session_life)
    findings.push_back({"web.session_idle", "must not be above web.session_life"});
}

bool is_endpoint(const std::string& url) {
  const auto scheme = url.starts_with("https://") ? 8U : url.starts_with("http://") ? 7U : 0U;
  return scheme > 0 && url.size() > scheme &&
         url.find_first_of("/?#@ ", scheme) == std::string::npos;
}

void check_s3(const FilesS3& s3, std::vector<Finding>& findings) {
  if (!is_endpoint(s3.endpoint))
    findings.push_back({"files.s3.endpoint", "must be http:// or https://, a host and a port"});
  if (s3.bucket.empty() ||
      s3.bucket.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789.-") != std::string::npos)
    findings.push_back({"files.s3.bucket", "must be lower-case letters, digits, '.' and '-'"});
  if (!s3.prefix.empty() && (s3.prefix.starts_with('/') || !s3.prefix.ends_with('/')))
    findings.push_back({"files.s3.prefix", "must end with '/', and not begin with it"});
  if (s3.region.empty()) findings.push_back({"files.s3.region", "must be given"});
  if (s3.credentials_file.empty() || !is_absolute_or_empty(s3.credentials_file))
    findings.push_back({"files.s3.credentials_file", "must be an absolute path"});
  if (!is_absolute_or_empty(s3.ca_file))
    findings.push_back({"files.s3.ca_file", "must be an absolute path"});
}

void check_files(const Files& files, std::vector<Finding>& findings) {
  if (!is_absolute_or_empty(files.directory))
    findings.push_back({"files.directory", "must be an absolute path"});
  if (files.enabled && files.directory.empty())
    findings.push_back({"files.directory", "must be given with files.enabled"});
  constexpr std::size_t node_bytes_max = 32;
  const bool is_node =
      !files.node.empty() && files.node.size() <= node_bytes_max &&
      files.node.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789") == std::string::npos;
  if (!is_node) findings.push_back({"files.node", "must be 1 to 32 lower-case letters and digits"});
  if (!files.public_url.empty() && !is_origin(files.public_url))
    findings.push_back({"files.public_url",
                        "must be https:// or http:// and a host in lower case, with no more than a "
                        "port after it"});
  if (!is_absolute_or_empty(files.link_key_file))
    findings.push_back({"files.link_key_file", "must be an absolute path"});
  if (files.public_url.empty() != files.link_key_file.empty())
    findings.push_back({"files.link_key_file", "must be given with files.public_url"});
  const bool is_path = files.accel_path.starts_with('/') && files.accel_path.ends_with('/') &&
                       files.accel_path.find_first_of(" \t\r\n\"\\?#") == std::string::npos;
  if (!files.accel_path.empty() && !is_path)
    findings.push_back({"files.accel_path", "must be a path that begins and ends with a slash"});
  if (files.file_bytes_max > files.request_bytes_max)
    findings.push_back({"files.file_bytes_max",
                        "should not be above files.request_bytes_max, which ends it first", true});
  if (files.storage == "s3" || !files.s3.endpoint.empty()) check_s3(files.s3, findings);
}

// An address, or a network by the number of its leading bits. Whoever uses it reads it strictly.
bool is_network(const std::string& text) {
  constexpr std::string_view allowed = "0123456789abcdefABCDEF.:/";
  return text.find_first_of(".:") != std::string::npos &&
         text.find_first_not_of(allowed) == std::string::npos;
}

void check_gists(const Gists& gists, std::vector<Finding>& findings) {
  if (!std::ranges::all_of(gists.raw_hosts, is_host))
    findings.push_back(
        {"gists.raw_hosts", "must hold host names in lower case, without scheme or path"});
  if (!is_host(gists.git_host))
    findings.push_back(
        {"gists.git_host", "must be a host name in lower case, without scheme or path"});
  if (!std::ranges::all_of(gists.open_networks, is_network))
    findings.push_back(
        {"gists.open_networks", "must hold addresses or networks, as in 10.0.0.0/8"});
  if (gists.every.count() > 0 && gists.spread > gists.every)
    findings.push_back({"gists.spread",
                        "should not be above gists.every, which begins the next routine first",
                        true});
}

void check_sync(const Config& config, std::vector<Finding>& findings) {
  const auto& sync = config.sync;
  if (!is_absolute_or_empty(sync.marker_key_file))
    findings.push_back({"sync.marker_key_file", "must be an absolute path"});
  if (!is_absolute_or_empty(sync.token_key_file))
    findings.push_back({"sync.token_key_file", "must be an absolute path"});
  if (!sync.enabled) return;
  if (!config.mirror.enabled)
    findings.push_back({"sync.enabled", "needs mirror.enabled: what GitHub says is the mirror's"});
  if (!config.mirror.comments)
    findings.push_back({"sync.enabled", "needs mirror.comments: comments are kept equal, too"});
  if (sync.marker_key_file.empty())
    findings.push_back({"sync.marker_key_file", "must be given with sync.enabled"});
}

}  // namespace

std::vector<Finding> check(const Config& config) {
  std::vector<Finding> findings;
  if (!is_absolute_or_empty(config.runtime_directory))
    findings.push_back({"runtime_directory", "must be an absolute path"});
  check_git(config.git, findings);
  check_github(config, findings);
  if (!is_origin(config.site.url))
    findings.push_back({"site.url",
                        "must be https:// or http:// and a host in lower case, with nothing after "
                        "it"});
  check_times(config, findings);
  check_limits(config.limits, findings);
  check_workers(config, findings);
  check_listener(config, findings);
  check_web(config.web, findings);
  check_files(config.files, findings);
  check_gists(config.gists, findings);
  check_sync(config, findings);
  return findings;
}

}  // namespace devy::config
