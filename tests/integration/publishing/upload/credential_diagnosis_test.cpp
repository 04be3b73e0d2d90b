// The words of `doctor` on how far tokens and webhook secrets reach.
#include "core/publishing/upload/credential_diagnosis.hpp"

#include <gtest/gtest.h>

namespace devy::upload {
namespace credential_diagnosis_test {

using Lines = std::vector<std::string>;

publishing::Blog blog(const std::string& username, std::optional<std::int64_t> github_id) {
  publishing::Blog blog;
  blog.username = username;
  blog.slug = "notes";
  blog.repository_url = "https://github.com/" + username + "/notes.git";
  blog.github_id = github_id;
  return blog;
}

// "check status message" of each finding.
Lines findings(const config::Config& config, const std::vector<publishing::Blog>& blogs) {
  std::vector<base::Diagnosis> diagnoses;
  const base::TimePoint now{std::chrono::seconds(1'800'000'000)};
  examine_credentials(config, blogs, now, diagnoses);
  Lines lines;
  for (const auto& found : diagnoses) {
    EXPECT_EQ(found.hint.empty(), found.health == base::Health::ok) << found.message;
    lines.push_back(found.check +
                    (found.health == base::Health::ok        ? " ok "
                     : found.health == base::Health::warning ? " warning "
                                                             : " problem ") +
                    found.message);
  }
  return lines;
}

TEST(CredentialDiagnosis, SaysWhichBlogsATokenIsFor) {
  config::Config config;
  config.git.token_file = "/git";
  config.git.token_for = {"alice", "bob/other"};
  config.github.token_file = "/github";
  config.github.token_for = {"carol"};
  EXPECT_EQ(findings(config, {blog("alice", 1), blog("bob", 2)}),
            (Lines{"git_token ok '/git' is for 1 blog: alice/notes",
                   "github_token ok '/github' is for no blog"}));
  config.git.token_host = "git.example.org";
  EXPECT_EQ(findings(config, {blog("alice", 1)}).front(), "git_token ok '/git' is for no blog");
}

TEST(CredentialDiagnosis, WarnsOfASecretForBlogsOfSeveralAccounts) {
  config::Config config;
  config.webhook.secrets = {"old /old until 2001-01-01T00:00:00Z", "app /app app", "own /own for 1",
                            "all /all"};
  EXPECT_EQ(findings(config, {blog("alice", 1)}), Lines());
  EXPECT_EQ(
      findings(config, {blog("alice", 1), blog("bob", 2)}),
      Lines{"webhook_secrets warning 1 secret for every repository, with blogs of 2 accounts: "
            "all"});
  config.webhook.secrets.pop_back();
  EXPECT_EQ(findings(config, {blog("alice", 1), blog("bob", 2)}), Lines());
}

TEST(CredentialDiagnosis, FindsSecretsAndBlogsThatDoNotMeet) {
  config::Config config;
  config.webhook.secrets = {"own /own for 7", "x relative"};
  auto elsewhere = blog("bob", std::nullopt);
  elsewhere.repository_url = "https://git.example.org/bob/notes.git";
  EXPECT_EQ(
      findings(config, {blog("alice", std::nullopt), elsewhere}),
      (Lines{"webhook_secrets problem unable to use the secret 'x relative': the path must be "
             "absolute",
             "webhook_secrets warning 1 secret for a repository that no blog is bound to: "
             "own (for 7)",
             "github_ids warning the id at GitHub is not known of 1 blog: alice/notes"}));
}

}  // namespace credential_diagnosis_test
}  // namespace devy::upload
