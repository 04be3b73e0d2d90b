#include "core/mirror/hook/install.hpp"

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
#include "core/platform/github/own_hook.hpp"
#include "core/platform/webhook/secret_list.hpp"

namespace devy::hook {
namespace {

using base::Error;
using base::ErrorKind;

const std::string& require_url(const config::Config& config) {
  if (!config.mirror.hook_url.empty()) return config.mirror.hook_url;
  throw Error(ErrorKind::config, "unable to install a webhook: its address is not configured",
              "Set mirror.hook_url to the address at which GitHub reaches the daemon, like "
              "https://devy.example/v1/webhooks.",
              "hook_url_missing");
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
    const auto secret = webhook::newest_secret(config_.webhook.secrets, id());
    const auto hook = github::install_hook(calls(), {id(), url, wanted_events()}, secret);
    keep(hook.answer);
    return {id(), hook.id, repository_.name, hook.is_new};
  }

  Uninstalled uninstall() {
    const auto& url = require_url(config_);
    learn_id();
    Uninstalled uninstalled{repository_.name, {}, {}};
    for (const auto& hook : github::remove_hooks(calls(), {id(), url, wanted_events()})) {
      (hook.is_kept ? uninstalled.kept_ids : uninstalled.hook_ids).push_back(hook.id);
      if (!hook.is_kept) end_row(hook.id);
      else if (!hook.answer.body.empty()) keep(hook.answer);
      mirror::forget_own_hook(connection_, hook.id, id());
    }
    return uninstalled;
  }

 private:
  [[nodiscard]] std::int64_t id() const { return repository_.github_id.value(); }

  [[nodiscard]] github::HookCalls calls() {
    return {[this](const std::string& address) { return api_.get(connection_, address); },
            [this](std::string_view method, const std::string& address, std::string body) {
              return api_.act(connection_, method, address, std::move(body));
            }};
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

  // Writes the hook's row, which is ours from the beginning.
  void keep(const github::Answer& answer) {
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
  }

  void end_row(std::int64_t hook_id) {
    mirror::RowEnd end;
    end.list = "hooks";
    end.id = hook_id;
    end.reason = "deleted";
    end.at = base::system_clock().now();
    end.repository_id = id();
    mirror::end_row(connection_, end, {});
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
