#include "core/publishing/upload/credential_diagnosis.hpp"

#include <algorithm>
#include <set>
#include <string>

#include "core/platform/base/count_text.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/config/token_scope.hpp"
#include "core/platform/git/fetch_token.hpp"
#include "core/platform/github/access.hpp"
#include "core/platform/webhook/secret_list.hpp"

namespace devy::upload {
namespace {

using base::Diagnosis;
using base::Health;
using publishing::Blog;

using Names = std::vector<std::string>;

Names addresses_where(const std::vector<Blog>& blogs, const auto& is_wanted) {
  Names names;
  for (const auto& blog : blogs)
    if (is_wanted(blog)) names.push_back(blog.address());
  return names;
}

void examine_token(const char* check, const std::string& file, const Names& used_for,
                   std::vector<Diagnosis>& diagnoses) {
  if (file.empty()) return;
  diagnoses.push_back({check, Health::ok,
                       "'" + file + "' is for " +
                           (used_for.empty() ? "no blog"
                                             : base::count_text(used_for.size(), "blog") + ": " +
                                                   base::first_of(used_for)),
                       ""});
}

void examine_secrets(const std::vector<std::string>& entries, const std::vector<Blog>& blogs,
                     base::TimePoint now, std::vector<Diagnosis>& diagnoses) {
  std::set<std::string> accounts;
  std::set<std::int64_t> known;
  for (const auto& blog : blogs) {
    accounts.insert(blog.username);
    if (blog.github_id) known.insert(*blog.github_id);
  }
  Names unscoped, useless;
  for (const auto& text : entries) {
    try {
      const auto entry = webhook::parse_secret_entry(text);
      if (entry.ends_at && *entry.ends_at <= now) continue;
      if (entry.scope.reach == webhook::Reach::unscoped) unscoped.push_back(entry.id);
      if (entry.scope.reach == webhook::Reach::repository && !known.contains(entry.scope.github_id))
        useless.push_back(entry.id + " (" + webhook::to_string(entry.scope) + ")");
    } catch (const base::Error& error) {
      diagnoses.push_back({"webhook_secrets", Health::problem, error.text(), error.hint()});
    }
  }
  if (!unscoped.empty() && accounts.size() > 1)
    diagnoses.push_back(
        {"webhook_secrets", Health::warning,
         base::count_text(unscoped.size(), "secret") + " for every repository, with blogs of " +
             base::count_text(accounts.size(), "account") + ": " + base::first_of(unscoped),
         "Whoever knows one can sign for all: give each repository its own, with `for` and its id, "
         "and mark the GitHub App's with `app`."});
  if (!useless.empty())
    diagnoses.push_back(
        {"webhook_secrets", Health::warning,
         base::count_text(useless.size(), "secret") +
             " for a repository that no blog is bound to: " + base::first_of(useless),
         "Compare the id with `devy-upload blog list --json`; take the secret away if its blog is "
         "gone."});
}

}  // namespace

void examine_credentials(const config::Config& config, const std::vector<Blog>& blogs,
                         base::TimePoint now, std::vector<Diagnosis>& diagnoses) {
  examine_secrets(config.webhook.secrets, blogs, now, diagnoses);
  const auto name_of = [&](const Blog& blog) {
    return github::repository_name(config.github, blog.repository_url);
  };
  examine_token("git_token", config.git.token_file,
                addresses_where(blogs,
                                [&](const Blog& blog) {
                                  return git::is_token_for(config.git, blog.repository_url);
                                }),
                diagnoses);
  if (!config.github.has_app())
    examine_token("github_token", config.github.token_file,
                  addresses_where(blogs,
                                  [&](const Blog& blog) {
                                    const auto name = name_of(blog);
                                    return name && config::is_in_token_scope(
                                                       config.github.token_for, *name);
                                  }),
                  diagnoses);
  const auto unbound = addresses_where(
      blogs, [&](const Blog& blog) { return !blog.github_id && name_of(blog).has_value(); });
  if (!unbound.empty())
    diagnoses.push_back({"github_ids", Health::warning,
                         "the id at GitHub is not known of " +
                             base::count_text(unbound.size(), "blog") + ": " +
                             base::first_of(unbound),
                         "Their webhooks are no more than hints: run `devy-upload reconcile "
                         "--all`, or connect them "
                         "again with --github-id."});
}

}  // namespace devy::upload
