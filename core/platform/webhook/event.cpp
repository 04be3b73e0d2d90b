#include "core/platform/webhook/event.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "core/platform/base/ascii.hpp"
#include "core/platform/base/time_text.hpp"
#include "core/platform/git/skip_marker.hpp"
#include "core/platform/snapshot/object_id.hpp"
#include "core/platform/webhook/payload.hpp"

namespace devy::webhook {
namespace {

constexpr std::size_t name_bytes_max = 64;
constexpr std::size_t owner_bytes_max = 100;  // 39 of github.com's; an Enterprise server's vary
constexpr std::size_t repository_name_bytes_max = 100;
constexpr std::size_t url_bytes_max = 1024;
constexpr std::size_t ref_bytes_max = 1024;

bool is_word(std::string_view text, std::string_view others, std::size_t bytes_max) {
  return text.size() <= bytes_max && base::is_word_of(text, others);
}

bool is_zeros(std::string_view text) {
  return text.find_first_not_of('0') == std::string_view::npos;
}

bool is_printable(std::string_view text, std::size_t bytes_max) {
  return text.size() <= bytes_max && std::all_of(text.begin(), text.end(), [](char c) {
           return static_cast<unsigned char>(c) > ' ' && c != '\x7f';
         });
}

std::string owner_of(const json::Value& payload) {
  if (auto login = payload.maybe_text("repository/owner/login")) return *std::move(login);
  // Pushes once had `name` only, and those of Enterprise servers still may.
  if (auto name = payload.maybe_text("repository/owner/name")) return *std::move(name);
  const auto full = payload.maybe_text("repository/full_name").value_or("");
  return full.substr(0, full.find('/'));
}

// For an event that has meaning here: its statements about the repository must be valid.
Repository repository_of(const json::Value& payload) {
  const auto id = maybe_id(payload, "repository/id");
  if (!id) throw_invalid("'repository/id' must be there");
  Repository repository;
  repository.github_id = *id;
  repository.owner = owner_of(payload);
  repository.name = payload.maybe_text("repository/name").value_or("");
  repository.clone_url = payload.maybe_text("repository/clone_url").value_or("");
  repository.default_branch = payload.maybe_text("repository/default_branch").value_or("");
  repository.is_private = payload.maybe_boolean("repository/private");
  repository.is_archived = payload.maybe_boolean("repository/archived");
  repository.updated_at = maybe_time(payload, "repository/updated_at");
  if (!is_word(repository.owner, "-_", owner_bytes_max) ||
      !is_word(repository.name, "-_.", repository_name_bytes_max) || repository.name == "." ||
      repository.name == "..")
    throw_invalid("the repository's name is none");
  if (!is_printable(repository.clone_url, url_bytes_max) ||
      !is_printable(repository.default_branch, ref_bytes_max))
    throw_invalid("the repository's address or branch is none");
  return repository;
}

// For any other event: it is enough to know which repository it is about.
std::optional<Repository> maybe_repository(const json::Value& payload) {
  const auto id = maybe_id(payload, "repository/id");
  if (!id) return std::nullopt;
  Repository repository;
  repository.github_id = *id;
  return repository;
}

// Whatever is no document of GitHub's form is passed over: these events are hints, too.
std::vector<Named> named_in(const json::Value& payload) {
  constexpr std::array<std::string_view, 7> members{"issue",   "pull_request", "label", "milestone",
                                                    "comment", "hook",         "member"};
  std::vector<Named> named;
  for (const auto member : members) {
    const auto document = payload.find(member);
    if (!document) continue;
    const auto id = document->if_integer("id");
    if (!id || *id < 1) continue;
    Named one;
    one.member = member;
    one.id = *id;
    one.number = document->if_integer("number");
    one.name = document->if_text(member == "member" ? "login" : "name").value_or("");
    if (const auto time = document->if_text("updated_at"))
      one.updated_at = base::parse_rfc3339(*time);
    named.push_back(std::move(one));
  }
  return named;
}

Ping ping_of(const json::Value& payload) {
  if (!payload.has("zen") || !maybe_id(payload, "hook_id"))
    throw_invalid("it has not the shape of a ping");
  Ping ping;
  const auto events = payload.maybe_items("hook/events");
  ping.has_push = events.empty();
  for (const auto& event : events) {
    const auto subject = event.text();
    ping.has_push |= subject == "push" || subject == "*";
  }
  ping.is_insecure = payload.maybe_text("hook/config/insecure_ssl").value_or("0") == "1";
  return ping;
}

Push push_of(const json::Value& payload) {
  constexpr std::string_view branches = "refs/heads/";
  Push push;
  push.ref = payload.text("ref");
  push.after = payload.text("after");
  const auto before = payload.text("before");
  push.is_deleted = payload.boolean("deleted");
  if (!snapshot::is_object_id(push.after) || !snapshot::is_object_id(before))
    throw_invalid("'after' must be a commit");
  if (push.is_deleted != is_zeros(push.after))
    throw_invalid("'deleted' and 'after' contradict each other");
  if (push.ref.starts_with(branches)) push.branch = push.ref.substr(branches.size());
  if (!push.ref.starts_with("refs/") || push.ref.size() > ref_bytes_max ||
      !is_printable(push.ref, ref_bytes_max))
    throw_invalid("'ref' must be a ref");
  push.is_skipped = git::has_skip_marker(payload.maybe_text("head_commit/message").value_or(""));
  push.pushed_at = maybe_time(payload, "repository/pushed_at");
  return push;
}

RepositoryChanged change_of(const json::Value& payload, std::string_view name,
                            std::string_view action) {
  static constexpr std::array<std::pair<std::string_view, RepositoryChange>, 8> changes{{
      {"renamed", RepositoryChange::renamed},
      {"transferred", RepositoryChange::transferred},
      {"edited", RepositoryChange::edited},
      {"privatized", RepositoryChange::privatized},
      {"publicized", RepositoryChange::publicized},
      {"archived", RepositoryChange::archived},
      {"unarchived", RepositoryChange::unarchived},
      {"deleted", RepositoryChange::deleted},
  }};
  // The older event of the same meaning has no action.
  if (name == "public") return {RepositoryChange::publicized, false};
  if (action.empty()) throw_invalid("'action' must be there");
  RepositoryChanged changed;
  for (const auto& [word, change] : changes)
    if (word == action) changed.change = change;
  changed.is_default_branch_changed = payload.has("changes/default_branch");
  return changed;
}

InstallationChanged installation_of(const json::Value& payload, std::string_view name,
                                    std::string_view action) {
  if (!maybe_id(payload, "installation/id") || action.empty())
    throw_invalid("it has not the shape of an installation");
  InstallationChanged changed;
  if (name == "installation_repositories") {
    changed.gained = ids_of(payload, "repositories_added", repositories_max);
    changed.lost = ids_of(payload, "repositories_removed", repositories_max);
    return changed;
  }
  auto named = ids_of(payload, "repositories", repositories_max);
  if (action == "created" || action == "unsuspend") {
    changed.gained = std::move(named);
  } else if (action == "deleted" || action == "suspend") {
    changed.lost = std::move(named);
    changed.is_whole_lost = true;
  }
  return changed;
}

// The hook itself was removed: no more pushes come from whatever it belonged to.
InstallationChanged hook_deleted(const std::optional<Repository>& repository) {
  InstallationChanged changed;
  if (repository) changed.lost.push_back(repository->github_id);
  return changed;
}

}  // namespace

bool is_event_name(std::string_view text) {
  return !text.empty() && text.size() <= name_bytes_max &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string_view::npos;
}

Event parse_event(std::string_view name, std::string_view json) {
  const auto payload = parse_payload(json);
  Event event;
  event.name = name;
  event.action = payload.maybe_text("action").value_or("");
  // A repository_dispatch may contain anything that its sender wrote.
  if (!is_event_name(event.action)) event.action.clear();
  event.installation = maybe_id(payload, "installation/id");
  if (name == "push") {
    event.repository = repository_of(payload);
    event.what = push_of(payload);
    return event;
  }
  if (name == "repository" || name == "public") {
    event.repository = repository_of(payload);
    event.what = change_of(payload, name, event.action);
    return event;
  }
  event.repository = maybe_repository(payload);
  if (name == "ping") event.what = ping_of(payload);
  else if (name == "installation" || name == "installation_repositories")
    event.what = installation_of(payload, name, event.action);
  else if (name == "meta" && event.action == "deleted") event.what = hook_deleted(event.repository);
  else event.what = Other{};
  event.named = named_in(payload);
  if (!event.named.empty() || name.starts_with("installation") ||
      name == "github_app_authorization")
    event.payload = payload;
  return event;
}

}  // namespace devy::webhook
