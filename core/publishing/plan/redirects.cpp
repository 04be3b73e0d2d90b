#include "core/publishing/plan/redirects.hpp"

#include <map>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "core/platform/base/safe_text.hpp"
#include "core/publishing/post/slug.hpp"

namespace devy::plan {
namespace {

// Slug → path of every post that there will be.
std::unordered_map<std::string, std::string> pages_after(const PublishPlan& plan,
                                                         const std::vector<KnownPost>& known) {
  std::unordered_set<std::string> changed;
  for (const auto& post : plan.deletes)
    changed.insert(post.text());
  for (const auto& write : plan.writes)
    if (write.post) changed.insert(write.post->text());
  std::unordered_map<std::string, std::string> pages;
  for (const auto& post : known)
    if (!changed.contains(post.id.text())) pages.emplace(post.slug, post.path);
  for (const auto& write : plan.writes)
    pages.insert_or_assign(write.slug, write.path);
  return pages;
}

class Board {
 public:
  Board(const PublishPlan& plan, const std::vector<KnownPost>& known)
      : pages_(pages_after(plan, known)) {
    for (const auto& write : plan.writes)
      slugs_.emplace(write.path, write.slug);
  }

  void add_old_slug(const Write& write) {
    if (!pages_.contains(*write.old_slug))
      coming_[*write.old_slug] = {*write.old_slug, write.slug, write.path, false};
  }

  void add_alias(const std::string& path, const std::string& alias) {
    const auto post = slugs_.find(path);
    if (post == slugs_.end()) return;  // its file is in error
    const auto slug = post::slug_of_address(alias);
    const auto name = "alias " + base::in_quotes(alias);
    if (!slug) return warn(path, name + " names no page of the blog");
    if (*slug == post->second) return;
    if (const auto page = pages_.find(*slug); page != pages_.end())
      return warn(path, name + " leads nowhere: '" + page->second + "' has that address");
    auto& redirect = coming_[*slug];
    if (redirect.is_alias && redirect.path != path)
      warn(redirect.path, "alias '" + *slug + "' is one of '" + path + "' too, which counts");
    const bool is_previous_slug = redirect.path == path && !redirect.is_alias;
    redirect = {*slug, post->second, path, !is_previous_slug};
  }

  Redirects finish() {
    Redirects result;
    for (auto& [slug, redirect] : coming_)
      result.coming.push_back(std::move(redirect));
    for (auto& [path, message] : warnings_)
      result.warnings.push_back({path, 0, 0, message});
    return result;
  }

 private:
  void warn(const std::string& path, std::string message) {
    warnings_.emplace(path, std::move(message));
  }

  std::unordered_map<std::string, std::string> pages_;
  std::unordered_map<std::string, std::string> slugs_;  // path → slug of what is written
  std::map<std::string, Redirect> coming_;
  std::multimap<std::string, std::string> warnings_;
};

}  // namespace

Redirects find_redirects(const PublishPlan& plan, const std::vector<KnownPost>& known,
                         const std::vector<AliasRequest>& requests) {
  Board board(plan, known);
  for (const auto& write : plan.writes)
    if (write.old_slug) board.add_old_slug(write);
  for (const auto& request : requests)
    for (const auto& alias : request.aliases)
      board.add_alias(request.path, alias);
  return board.finish();
}

}  // namespace devy::plan
