#include "core/mirror/hook/install.hpp"

#include <algorithm>
#include <functional>
#include <optional>

#include "core/mirror/records/process.hpp"
#include "core/mirror/scan/api.hpp"
#include "core/mirror/store/apply.hpp"
#include "core/mirror/store/repository_store.hpp"
#include "core/mirror/store/sweep_store.hpp"
#include "core/platform/base/asked_to_wait.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/base/time_text.hpp"
#include "core/platform/github/document.hpp"
#include "core/platform/json/json.hpp"
#include "core/platform/webhook/secret_list.hpp"

namespace devy::hook {
namespace {

using base::Error;
using base::ErrorKind;
using json::Json;

// GitHub allows twenty hooks for an event.
constexpr int pages_max = 10;

const std::string& require_url(const config::Config& config) {
  if (!config.mirror.hook_url.empty()) return config.mirror.hook_url;
  throw Error(ErrorKind::config, "unable to install a webhook: its address is not configured",
              "Set mirror.hook_url to the address at which GitHub reaches the daemon, like "
              "https://devy.example/v1/webhooks.",
              "hook_url_missing");
}

// The last one named is the newest.
base::Secret require_secret(const config::Config& config, std::int64_t repository_id) {
  auto secrets = webhook::load_secrets(config.webhook.secrets);
  std::ranges::reverse(secrets);
  const auto find = [&](webhook::Reach reach) {
    return std::ranges::find_if(secrets, [&](const webhook::SigningSecret& secret) {
      return !secret.ends_at && secret.scope.reach == reach &&
             (reach != webhook::Reach::repository || secret.scope.github_id == repository_id);
    });
  };
  for (const auto reach : {webhook::Reach::repository, webhook::Reach::unscoped})
    if (const auto found = find(reach); found != secrets.end()) return std::move(found->secret);
  throw Error(ErrorKind::config, "unable to install a webhook: no secret is for the repository",
              "Name one in webhook.secrets: \"id /path/of/file for " +
                  std::to_string(repository_id) + "\".",
              "hook_secret_missing");
}

std::vector<std::string> with_wanted(const std::vector<std::string>& present) {
  if (std::ranges::find(present, "*") != present.end()) return {"*"};  // all that there are
  auto events = wanted_events();
  for (const auto& event : present)
    if (std::ranges::find(events, event) == events.end()) events.push_back(event);
  return events;
}

// One conversation with GitHub about the hooks of a repository.
class Conversation {
 public:
  Conversation(pg::Connection& connection, const config::Config& config, scan::Api& api,
               github::Repository& repository)
      : connection_(connection), config_(config), api_(api), repository_(repository) {}

  Installed install() {
    const auto& url = require_url(config_);
    learn_id();
    const auto secret = require_secret(config_, id());
    Installed installed{id(), 0, repository_.name, false};
    const auto ours = hooks_of_ours(url);
    installed.is_new = ours.empty();
    const auto events = ours.empty() ? wanted_events() : with_wanted(ours.front().events);
    const auto body =
        Json::object({{"name", "web"},
                      {"active", true},
                      {"events", events},
                      {"config", Json::object({{"url", url},
                                               {"content_type", "json"},
                                               {"secret", std::string(secret.reveal())},
                                               {"insecure_ssl", "0"}})}})
            .compact();
    const auto answer =
        ours.empty() ? api_.act(connection_, "POST", hooks_address(), body)
                     : api_.act(connection_, "PATCH",
                                hooks_address() + "/" + std::to_string(ours.front().id), body);
    installed.hook_id = keep(answer);
    return installed;
  }

  Uninstalled uninstall() {
    const auto& url = require_url(config_);
    learn_id();
    Uninstalled uninstalled{repository_.name, {}};
    for (const auto& hook : hooks_of_ours(url)) {
      try {
        static_cast<void>(
            api_.act(connection_, "DELETE", hooks_address() + "/" + std::to_string(hook.id), ""));
      } catch (const Error& error) {
        if (error.kind() != ErrorKind::not_found) throw;  // somebody else was quicker
      }
      uninstalled.hook_ids.push_back(hook.id);
      mirror::RowEnd end;
      end.list = "hooks";
      end.id = hook.id;
      end.reason = "deleted";
      end.at = base::system_clock().now();
      end.repository_id = id();
      mirror::end_row(connection_, end, {});
      mirror::forget_own_hook(connection_, hook.id, id());
    }
    return uninstalled;
  }

 private:
  struct Hook {
    std::int64_t id = 0;
    std::vector<std::string> events;
  };

  [[nodiscard]] std::int64_t id() const { return repository_.github_id.value(); }
  [[nodiscard]] std::string hooks_address() const {
    return "/repositories/" + std::to_string(id()) + "/hooks";
  }

  void learn_id() {
    const auto answer =
        api_.get(connection_, repository_.github_id
                                  ? "/repositories/" + std::to_string(*repository_.github_id)
                                  : "/repos/" + repository_.name);
    const auto document = github::parse_document(answer.body);
    repository_.github_id = document.integer("id");
    repository_.name = document.text("full_name");
  }

  std::vector<Hook> hooks_of_ours(const std::string& url) {
    std::vector<Hook> ours;
    std::optional<std::string> next = hooks_address() + "?per_page=100";
    for (int page = 0; next && page < pages_max; ++page) {
      const auto answer = api_.get(connection_, *next);
      const auto document = github::parse_document(answer.body);
      for (const auto& hook : document.if_items()) {
        if (hook.if_text("config/url") != url) continue;
        Hook found{hook.integer("id"), {}};
        if (const auto events = hook.find("events"))
          for (const auto& event : events->if_items())
            if (auto name = event.if_text()) found.events.push_back(*std::move(name));
        ours.push_back(std::move(found));
      }
      next = answer.next;
    }
    return ours;
  }

  // Writes the hook's row, which is ours from the beginning.
  std::int64_t keep(const github::Answer& answer) {
    const auto document = github::parse_document(answer.body);
    const auto hook_id = document.integer("id");
    records::Records records;
    records::process_repository_hook(document, scan::origin_of(answer, id()), records);
    pg::Transaction transaction(connection_);
    mirror::apply(
        connection_, records,
        {records::Via::api, answer.sent_at, answer.date, records::Relation::repository_hook}, {});
    mirror::note_own_hook(connection_, hook_id, id());
    transaction.commit();
    return hook_id;
  }

  pg::Connection& connection_;
  const config::Config& config_;
  scan::Api& api_;
  github::Repository& repository_;
};

void ask(pg::Connection& connection, const config::Config& config, github::Access& access,
         const std::string& name, const std::function<void(Conversation&)>& talk) {
  github::Repository repository{name, std::nullopt, std::nullopt};
  if (const auto known = mirror::find_repository(connection, name); known && access.is_app())
    repository.installation = known->installation;
  scan::Api api(config, access, repository);
  Conversation conversation(connection, config, api, repository);
  std::optional<std::string> cause;
  base::Duration wait{};
  try {
    const auto given_back = github::within_limits(
        connection, static_cast<int>(config.github.concurrency), [&] { return api.share(); },
        [&] { talk(conversation); });
    if (!given_back) return;
    cause = given_back->error_text;
    wait = given_back->delay.value_or(std::chrono::milliseconds(0));
  } catch (const base::AskedToWait& busy) {
    cause = busy.text();
    wait = busy.wait();
  }
  throw Error(ErrorKind::busy, "unable to ask about the webhooks of '" + name + "': " + *cause,
              "Try again in " + base::format_duration(wait) + ".", "rate_limited");
}

}  // namespace

Installer::Installer(pg::Connection& connection, const config::Config& config,
                     const base::Clock& clock)
    : connection_(connection), config_(config), access_(config, clock) {}

Installed Installer::install(const std::string& repository) {
  Installed installed;
  ask(connection_, config_, access_, repository,
      [&](Conversation& conversation) { installed = conversation.install(); });
  return installed;
}

Uninstalled Installer::uninstall(const std::string& repository) {
  Uninstalled uninstalled;
  ask(connection_, config_, access_, repository,
      [&](Conversation& conversation) { uninstalled = conversation.uninstall(); });
  return uninstalled;
}

Installed install_as(pg::Connection& connection, const config::Config& config, scan::Api& api,
                     github::Repository& repository) {
  return Conversation(connection, config, api, repository).install();
}

Uninstalled uninstall_as(pg::Connection& connection, const config::Config& config, scan::Api& api,
                         github::Repository& repository) {
  return Conversation(connection, config, api, repository).uninstall();
}

std::vector<std::string> wanted_events() {
  return {"issues",
          "issue_comment",
          "label",
          "member",
          "meta",
          "milestone",
          "public",
          "pull_request",
          "pull_request_review",
          "pull_request_review_comment",
          "pull_request_review_thread",
          "repository"};
}

}  // namespace devy::hook
