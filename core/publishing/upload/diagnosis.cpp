#include "core/publishing/upload/diagnosis.hpp"

#include "core/platform/base/count_text.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/git/url_policy.hpp"
#include "core/publishing/store/blog_store.hpp"
#include "core/publishing/store/reconcile_schedule.hpp"
#include "core/publishing/store/upload_store.hpp"
#include "core/publishing/upload/credential_diagnosis.hpp"

namespace devy::upload {
namespace {

using base::Health;

void examine_uploads(pg::Connection& connection, std::vector<base::Diagnosis>& diagnoses) {
  publishing::UploadFilter filter;
  filter.is_overdue = true;
  std::vector<std::string> stuck;
  for (const auto& upload : publishing::list_uploads(connection, filter))
    stuck.push_back(upload.blog + " (" + upload.id.text() + ")");
  if (!stuck.empty())
    diagnoses.push_back(
        {"stuck_uploads", Health::problem,
         base::count_text(stuck.size(), "upload") +
             " should have gone on: " + base::first_of(stuck),
         "Is a worker running? Run `devy-upload poll --once`, and look at them with "
         "`devy-upload inspect`."});
  else diagnoses.push_back({"stuck_uploads", Health::ok, "none", ""});
}

void examine_blogs(const std::vector<publishing::Blog>& blogs,
                   std::vector<base::Diagnosis>& diagnoses) {
  std::vector<std::string> failed, held, paused;
  for (const auto& blog : blogs) {
    if (blog.last_upload_state == "failed") failed.push_back(blog.address());
    if (blog.last_upload_state == "held") held.push_back(blog.address());
    if (blog.pause) paused.push_back(blog.address() + " (" + queue::pause_text(*blog.pause) + ")");
  }
  if (!failed.empty())
    diagnoses.push_back({"failed_uploads", Health::problem,
                         "the last upload failed of " + base::count_text(failed.size(), "blog") +
                             ": " + base::first_of(failed),
                         "See why with `devy-upload inspect @last-failed` or `devy-upload list "
                         "--state failed`, then `devy-upload replay` it."});
  if (!held.empty())
    diagnoses.push_back(
        {"held_uploads", Health::warning,
         base::count_text(held.size(), "upload") +
             " would delete much and waits for you: " + base::first_of(held),
         "Look with `devy-upload inspect <id> --changes`, then `approve` or `cancel`."});
  if (!paused.empty())
    diagnoses.push_back(
        {"paused_blogs", Health::warning,
         base::count_text(paused.size(), "blog") + " publishes nothing: " + base::first_of(paused),
         "Let it go on with `devy-upload queue resume <blog>`."});
  if (failed.empty() && held.empty())
    diagnoses.push_back(
        {"blogs", Health::ok,
         base::count_text(blogs.size(), "blog") + ", none with a failed last upload", ""});
}

// Each upload of such a blog fails, and only its own error would say why.
void examine_addresses(const config::Git& policy, const std::vector<publishing::Blog>& blogs,
                       std::vector<base::Diagnosis>& diagnoses) {
  std::vector<std::string> refused;
  std::string hint;
  for (const auto& blog : blogs) {
    try {
      static_cast<void>(git::normalize_url(blog.repository_url, policy));
    } catch (const base::Error& error) {
      refused.push_back(blog.address() + " (" + error.text() + ")");
      hint = error.hint();
    }
  }
  if (refused.empty()) return;
  diagnoses.push_back({"blog_addresses", base::Health::problem,
                       "the configuration forbids the repository of " +
                           base::count_text(refused.size(), "blog") + ": " +
                           base::first_of(refused),
                       hint});
}

// It is what their authors asked for; whoever wonders why a post is not there finds it here.
void examine_skipped_tips(pg::Connection& connection, std::vector<base::Diagnosis>& diagnoses) {
  const auto blogs = publishing::blogs_behind_skipped_tips(connection);
  if (blogs.empty()) return;
  diagnoses.push_back(
      {"skipped_tips", Health::ok,
       base::count_text(blogs.size(), "blog") +
           " behind a commit with a skip marker, until the next push: " + base::first_of(blogs),
       ""});
}

}  // namespace

void diagnose(pg::Connection& connection, const config::Config& config,
              std::vector<base::Diagnosis>& diagnoses) {
  const auto blogs = publishing::list_blogs(connection);
  examine_uploads(connection, diagnoses);
  examine_blogs(blogs, diagnoses);
  examine_addresses(config.git, blogs, diagnoses);
  examine_skipped_tips(connection, diagnoses);
  examine_credentials(config, blogs, base::system_clock().now(), diagnoses);
}

}  // namespace devy::upload
