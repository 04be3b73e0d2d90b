#include "core/publishing/reconcile/identity.hpp"

#include "core/platform/base/ascii.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/base/log.hpp"
#include "core/platform/git/url_policy.hpp"
#include "core/platform/github/api_pause.hpp"
#include "core/platform/github/limit.hpp"
#include "core/platform/github/repositories.hpp"

namespace devy::reconcile {
namespace {

using base::Error;
using base::ErrorKind;

constexpr const char* whole_api = "api";
// A repository without an id is asked about this often: GitHub may not know it yet.
constexpr std::chrono::hours unbound_interval{24};

bool has_reason(const publishing::Blog& blog, const publishing::RepositoryStanding& standing) {
  if (standing.claim || standing.was_gone || blog.frozen_reason) return true;
  return !standing.github_id &&
         (!standing.asked_at || base::system_clock().now() - *standing.asked_at > unbound_interval);
}

bool is_missing(const Error& error) {
  return error.kind() == ErrorKind::not_found || error.code() == "github_forbidden";
}

// One question about one repository.
class Question {
 public:
  Question(const publishing::RepositoryStanding& standing, std::string name, github::Access& access)
      : access_(access), repository_{std::move(name), standing.installation, standing.github_id} {}

  // Null without an App when the credential is not for the repository; nothing when the App may not
  // act on it.
  [[nodiscard]] std::optional<const base::Secret*> bearer() {
    try {
      return access_.asking_bearer(repository_);
    } catch (const Error& error) {
      if (!access_.is_app() || !is_missing(error)) throw;
    }
    // It may have got another installation since.
    if (!std::exchange(repository_.installation, std::nullopt)) return std::nullopt;
    try {
      return access_.asking_bearer(repository_);
    } catch (const Error& error) {
      if (!is_missing(error)) throw;
      return std::nullopt;
    }
  }

  // Nothing when GitHub knows no such repository, or the bearer may not see it.
  [[nodiscard]] std::optional<github::RepositoryFacts> facts(const base::Secret* bearer) {
    if (repository_.github_id)
      if (auto found = ask(bearer, *repository_.github_id)) return found;
    return ask(bearer, repository_.name);
  }
  [[nodiscard]] std::optional<std::int64_t> installation() const {
    return access_.is_app() ? repository_.installation : std::nullopt;
  }

 private:
  std::optional<github::RepositoryFacts> ask(const base::Secret* bearer, const auto& whom) {
    try {
      return github::ask_repository(access_.client(), bearer, whom);
    } catch (const Error& error) {
      if (!is_missing(error)) throw;
      return std::nullopt;
    }
  }

  github::Access& access_;
  github::Repository repository_;
};

std::string_view origin_of(std::string_view url) {
  return url.substr(0, url.find('/', url.find("://") + 3));
}

// Returns the address that GitHub gives, where it may be fetched from the same server.
std::optional<std::string> new_url(const config::Config& config, const publishing::Blog& blog,
                                   const github::RepositoryFacts& facts) {
  try {
    auto url = git::normalize_url(facts.clone_url, config.git);
    if (url != blog.repository_url && origin_of(url) == origin_of(blog.repository_url)) return url;
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::rejected && error.kind() != ErrorKind::denied) throw;
    base::log::warning("address not followed", {{"blog", blog.address()}, {"error", error.text()}});
  }
  return std::nullopt;
}

void apply(pg::Connection& connection, const config::Config& config, publishing::Blog& blog,
           const publishing::RepositoryStanding& standing, const github::RepositoryFacts& facts,
           const Question& question, const std::string& name) {
  if (standing.github_id && facts.github_id != *standing.github_id)
    throw Error(ErrorKind::rejected,
                "unable to go on with '" + blog.repository_url +
                    "': it is another repository now, with the id " +
                    std::to_string(facts.github_id) + " at GitHub instead of " +
                    std::to_string(*standing.github_id),
                "If the blog is to be published from it, disconnect the blog and connect it again.",
                "repository_replaced");
  publishing::RepositoryAnswer answer;
  answer.owner = facts.owner;
  answer.name = facts.name;
  answer.default_branch = facts.default_branch;
  answer.is_private = facts.is_private;
  answer.updated_at = facts.updated_at;
  answer.installation = question.installation();
  const bool is_renamed = base::to_lower(facts.full_name()) != base::to_lower(name);
  if (is_renamed) answer.url = new_url(config, blog, facts);
  pg::Transaction transaction(connection);
  // The name of a repository that was gone may be another's now: its history has to be seen first.
  if (!standing.github_id && !standing.was_gone) {
    if (publishing::bind_repository(connection, standing.id, facts.github_id)) {
      blog.github_id = facts.github_id;
      base::log::info("repository bound",
                      {{"blog", blog.address()}, {"github_id", facts.github_id}});
    } else {
      base::log::warning("repository not bound", {{"blog", blog.address()},
                                                  {"github_id", facts.github_id},
                                                  {"reason", "another blog's repository has it"}});
    }
  }
  publishing::save_answer(connection, standing.id, answer);
  transaction.commit();
  if (answer.url) {
    base::log::info("repository moved",
                    {{"blog", blog.address()}, {"from", blog.repository_url}, {"to", *answer.url}});
    blog.repository_url = *answer.url;
  }
}

}  // namespace

Confirmation confirm_identity(pg::Connection& connection, const config::Config& config,
                              publishing::Blog& blog,
                              const publishing::RepositoryStanding& standing,
                              github::Access* access) {
  Confirmation confirmation;
  const auto name = github::repository_name(config.github, blog.repository_url);
  if (access == nullptr || !name || !access->is_for(*name)) return confirmation;
  confirmation.can_be_asked = true;
  if (!has_reason(blog, standing)) return confirmation;
  const std::string share = access->is_app() ? "app" : "token";
  if (github::pause_left(connection, {whole_api, share}).count() > 0) return confirmation;
  std::optional<github::RepositoryFacts> facts;
  Question question(standing, *name, *access);
  try {
    const auto bearer = question.bearer();
    confirmation.is_uninstalled = !bearer;
    if (bearer) facts = question.facts(*bearer);
    confirmation.is_asked = true;
  } catch (const github::LimitReached& limit) {
    github::pause_until(connection, share, limit.not_before(), limit.text());
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::stopped) throw;
    base::log::warning("GitHub not asked",
                       {{"blog", blog.address()}, {"code", error.code()}, {"error", error.text()}});
  }
  publishing::note_asked(connection, standing.id);
  if (facts) {
    apply(connection, config, blog, standing, *facts, question, *name);
    confirmation.is_same = facts->github_id == standing.github_id;
  }
  return confirmation;
}

FoundId find_github_id(const config::Config& config, const std::string& url,
                       std::unique_ptr<http::Transport> transport) {
  const auto name = github::repository_name(config.github, url);
  if (!name) return {};
  try {
    github::Access access(config, base::system_clock(), std::move(transport));
    github::Repository repository{*name, std::nullopt, std::nullopt};
    const auto* bearer = access.asking_bearer(repository);
    return {github::ask_repository(access.client(), bearer, *name).github_id, ""};
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::stopped) throw;
    return {std::nullopt, error.text()};
  }
}

}  // namespace devy::reconcile
