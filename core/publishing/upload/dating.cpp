#include "core/publishing/upload/dating.hpp"

#include <unordered_set>
#include <utility>

namespace devy::upload {
namespace {

using plan::DateSource;

struct Sought {
  std::vector<std::string> paths;
  std::vector<const plan::KnownPost*> others;  // those among them that are not written
  bool are_all_new = true;
};

std::unordered_set<std::string> touched_posts(const plan::PublishPlan& plan) {
  std::unordered_set<std::string> ids;
  for (const auto& post : plan.deletes)
    ids.insert(post.text());
  for (const auto& write : plan.writes)
    if (write.post) ids.insert(write.post->text());
  for (const auto& relocation : plan.relocations)
    ids.insert(relocation.post.text());
  return ids;
}

// A history that was too long, or not given, is not asked for again at each change of a post.
bool is_settled(DateSource source, bool asks_for_all) {
  return source == DateSource::history || (source == DateSource::commit && !asks_for_all);
}

Sought sought_dates(const plan::PublishPlan& plan, const std::vector<plan::KnownPost>& known,
                    bool asks_for_all) {
  std::unordered_map<std::string, DateSource> sources;
  std::vector<const plan::KnownPost*> undated;
  for (const auto& post : known) {
    sources.emplace(post.id.text(), post.date_source);
    if (post.date_source == DateSource::pending ||
        (asks_for_all && post.date_source == DateSource::commit))
      undated.push_back(&post);
  }
  Sought sought;
  for (const auto& write : plan.writes) {
    if (write.has_date) continue;
    if (write.post && is_settled(sources.at(write.post->text()), asks_for_all)) continue;
    sought.paths.push_back(write.path);
    if (write.post) sought.are_all_new = false;
  }
  if (undated.empty()) return sought;
  const auto touched = touched_posts(plan);
  for (const auto* post : undated) {
    if (touched.contains(post->id.text())) continue;
    sought.paths.push_back(post->path);
    sought.others.push_back(post);
    sought.are_all_new = false;
  }
  return sought;
}

snapshot::FileError not_dated(const std::vector<std::string>& paths, const std::string& why) {
  const auto& path = paths.front();
  const auto more = paths.size() - 1;
  const std::string which = more == 0
                                ? "it has no date of its own, and gets that of the upload's commit"
                                : "it and " + std::to_string(more) +
                                      (more == 1 ? " other file have" : " other files have") +
                                      " no date of their own, and get that of the upload's commit";
  return {path, 0, 0, which + ": " + why};
}

}  // namespace

std::optional<base::TimePoint> Dating::find(const std::string& path) const {
  const auto found = first_commits.find(path);
  if (found == first_commits.end()) return std::nullopt;
  return found->second;
}

Dating find_dates(const git::Clone& clone, const plan::PublishPlan& plan,
                  const std::vector<plan::KnownPost>& known, const DatingOptions& options,
                  const git::OnProgress& on_progress) {
  Dating dating;
  const auto sought = sought_dates(plan, known, options.asks_for_all);
  if (sought.paths.empty()) return dating;
  const auto since = sought.are_all_new ? options.head : std::nullopt;
  auto found = clone.first_commits(sought.paths, since, on_progress);
  for (const auto* post : sought.others)
    if (const auto at = found.authored_at.find(post->path); at != found.authored_at.end())
      dating.others.push_back({post->id, at->second});
  dating.settles = !found.is_passing;
  if (found.is_passing) dating.undated = DateSource::pending;
  std::vector<std::string> missing;
  for (const auto& path : sought.paths)
    if (!found.authored_at.contains(path)) missing.push_back(path);
  if (!found.obstacle.empty() && !missing.empty() && !(options.is_local && found.is_cut))
    dating.warnings.push_back(not_dated(missing, found.obstacle));
  dating.first_commits = std::move(found.authored_at);
  return dating;
}

}  // namespace devy::upload
