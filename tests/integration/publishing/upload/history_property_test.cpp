// Random histories of a repository: after each push the blog that followed it all is what a fresh
// import of the same commit gives; and so it is after rollbacks, and repairs of planted drift. The
// seed is printed; DEVY_SEED=<number> adds one of your own.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <regex>
#include <set>
#include <sstream>

#include "core/platform/queue/ingest.hpp"
#include "core/publishing/plan/plan.hpp"
#include "core/publishing/post/slug.hpp"
#include "core/publishing/reconcile/audit.hpp"
#include "core/publishing/reconcile/repair.hpp"
#include "core/publishing/store/account_store.hpp"
#include "core/publishing/upload/source.hpp"
#include "tests/integration/publishing/upload/random_author.hpp"

namespace devy::upload {
namespace history_property_test {

using testing::ending;
using testing::Lines;

constexpr int steps = 10;

class History : public RandomAuthor, public ::testing::WithParamInterface<unsigned> {
 protected:
  History() : RandomAuthor(GetParam()) {
    server_.misbehave([](testing::Faults& faults) { faults.allows_any_commit = true; });
    publishing::add_account(connection_, "bob", false);
    testing::make_bare_repository(folder_ / "srv/bob/fresh.git");
    fresh_id_ = publishing::connect_blog(connection_, {"bob", "fresh", server_.url("bob/fresh.git"),
                                                       std::nullopt, std::nullopt})
                    .id;
    for (int i = 0; i < 8; ++i)
      add_file();
  }

  std::string push_history() {
    commits_.push_back(push());
    author_.force_push(folder_ / "srv/bob/fresh.git");
    settings_[commits_.back()] = testing::read_text(author_.folder() + "/devy.toml");
    expect(commits_.back());
    return commits_.back();
  }

  // What the blog is to show.
  void expect(const std::string& commit) {
    const auto& settings = settings_.at(commit);
    expect_head(commit);
    oracle_.root = settings.find("root") == std::string::npos ? "." : "docs";
    oracle_.is_ignored = {};
    if (settings.find("ignore") != std::string::npos)
      oracle_.is_ignored = [](const std::string& path) { return path.starts_with("notes/"); };
  }

  // ---- uploads
  // Now and then the repository is one whose files are left out of a fetch.
  void grow_or_shrink() {
    execute("update repository set pack_bytes = " +
            std::to_string(below(2) == 0 ? 0 : large_pack_bytes));
  }
  base::UploadId publish_to(const base::BlogId& blog,
                            const std::optional<std::string>& commit = std::nullopt) {
    publishing::UploadRequest request;
    request.commit = commit;
    const auto id = publishing::record_upload(
                        connection_, publishing::find_blog_by_id(connection_, blog), request)
                        .id;
    complete(id);
    return id;
  }

  void complete(const base::UploadId& id) {
    auto upload = run(id);
    if (upload.state == queue::State::held) {
      queue::approve(connection_, id, "test", "random");
      upload = run(id);
    }
    EXPECT_EQ(ending(upload), "completed") << upload.error_text.value_or("");
  }

  // ---- the operator
  // The blog shows an earlier commit again, until the next push; returns the commit.
  std::string roll_back() {
    const auto& [upload, commit] = any(uploads_);
    queue::ReplayOptions rollback;
    rollback.is_forced = true;
    queue::replay(connection_, upload, rollback);
    complete(upload);
    EXPECT_EQ(blog().pinned_commit, commit);
    return commit;
  }

  // Somebody has been at the tables.
  void plant_drift() {
    const auto mine = "blog_id = '" + blog_id_.text() + "'";
    const auto some = " where id = (select id from post where " + mine + " order by md5(path || '" +
                      std::to_string(below(1'000)) + "') limit 1)";
    switch (below(6)) {
      case 0:
        return execute(
            "with gone as (delete from post" + some +
            " returning id) delete from revision where post_id in (select id from gone)");
      case 1: return execute("update post set blob = repeat('0', 40), title = 'Defaced'" + some);
      case 2: return execute("update post set slug = 'defaced-' || slug" + some);
      case 3: return execute("update post set html = '<p>Defaced' || html" + some);
      case 4: return execute("delete from redirect where " + mine);
      default: return add_stranger();
    }
  }

  // A post of no file.
  void add_stranger() {
    const auto name = "stranger" + std::to_string(++strangers_);
    execute(
        "insert into post (id, blog_id, path, slug, title, published_at, markdown, html, blob, "
        "commit, origin, file_bytes, date_source) values (gen_random_uuid(), '" +
        blog_id_.text() + "', '" + name + ".md', '" + name +
        "', 'S', now(), '', '', repeat('0', 40), repeat('0', 40), '', 0, 'written')");
    execute(
        "insert into revision (post_id, version, blog_id, change, path, slug, title, blob, commit) "
        "select id, 1, blog_id, 'created', path, slug, title, blob, commit from post where path = "
        "'" +
        name + ".md'");
  }

  void repair() {
    const auto before = blog();
    for (std::size_t i = 0, count = 1 + below(3); i < count; ++i)
      plant_drift();
    // No approval: a repair is never held.
    const auto id = reconcile::record_repair(connection_, config_, before, "test");
    EXPECT_EQ(ending(run(id)), "completed");
    EXPECT_EQ(blog().head_commit, before.head_commit);
    EXPECT_EQ(blog().pinned_commit, before.pinned_commit);
    EXPECT_TRUE(reconcile::verify(connection_, config_, blog(), {}).is_ok);
  }

  void forget_fresh_blog() const {
    const auto blog = " where blog_id = '" + fresh_id_.text() + "'";
    for (const std::string table : {"redirect", "post", "blog_asset", "file_error", "revision"})
      execute("delete from " + table + blog);
    execute(
        "update blog set head_commit = null, head_origin = null, link_digest = null, "
        "settings = '{}' where id = '" +
        fresh_id_.text() + "'");
  }

  // ---- what is compared
  struct Seen {
    std::map<std::string, std::string> posts;   // path → everything the file decides
    std::map<std::string, std::string> slugs;   // path → slug
    std::map<std::string, std::string> wanted;  // path → the slug that it asks for
    std::map<std::string, std::string> errors;  // path → message
    std::map<std::string, std::string> linked;  // path → what its links lead to, as text
    std::map<std::string, std::string> assets;  // path → blob and content
  };

  std::map<std::string, std::string> by_path(const std::string& sql) const {
    std::map<std::string, std::string> found;
    for (const auto& row : rows(sql)) {
      const auto bar = row.find('|');
      found[row.substr(0, bar)] = row.substr(bar + 1);
    }
    return found;
  }

  Seen look_at(const base::BlogId& blog) const {
    const auto of = " where blog_id = '" + blog.text() + "'";
    return {by_path("select path, blob, title, summary, tags, is_draft, md5(markdown),"
                    " front_matter, origin from post" +
                    of),
            by_path("select path, slug from post" + of),
            wanted_by(by_path("select path, concat_ws('|', front_matter->>'slug', '|',"
                              " front_matter->>'permalink') from post" +
                              of)),
            by_path("select path, line || ':' || col || ' ' || message from file_error" + of),
            by_path("select path, coalesce(replace(links::text, '/bob/fresh', '/alice/blog'), '')"
                    " || replace(replace(html, E'\\n', ' '), '/bob/fresh', '/alice/blog') ||"
                    " coalesce(cover, '') from post" +
                    of),
            by_path("select path, blob, sha256 from blog_asset" + of)};
  }

  std::map<std::string, std::string> wanted_by(std::map<std::string, std::string> words) const {
    for (auto& [path, word] : words) {
      const auto bars = word.find('|');
      const auto slug = word.substr(0, bars);
      const auto permalink = word.substr(word.rfind('|') + 1);
      const auto under_root = plan::under_root(path, oracle_.root);
      const auto text = [](const std::string& value) {
        return value.empty() ? std::nullopt : std::optional(value);
      };
      word = post::written_slug(under_root, text(slug), text(permalink))
                 .value_or(post::slug_from_path(under_root));
    }
    return words;
  }

  // Files that want one slug: who has it is a matter of history, and so is who had to do with
  // another. But each has the one that it asks for, or one of its path's.
  void add_rivals(const Seen& followed, const Seen& fresh, std::set<std::string>& rivals) const {
    std::map<std::string, int> askers;
    for (const auto& [path, slug] : fresh.wanted) {
      ++askers[slug];
      const auto derived = post::slug_from_path(plan::under_root(path, oracle_.root));
      if (derived != slug) ++askers[derived];
    }
    for (const auto& [path, slug] : fresh.slugs) {
      if (fresh.errors.contains(path) || !followed.slugs.contains(path)) continue;
      const auto& wanted = fresh.wanted.at(path);
      const auto derived = post::slug_from_path(plan::under_root(path, oracle_.root));
      for (const auto& has : {slug, followed.slugs.at(path)})
        EXPECT_TRUE(has == wanted || has == derived || has.starts_with(derived + "-"))
            << path << " asks for " << wanted << " and has " << has;
      if (askers[wanted] == 1) {
        EXPECT_EQ(slug, wanted) << path;
      }
      if (slug != followed.slugs.at(path)) rivals.insert(path);
    }
  }

  // What a link to a path in `unsure` leads to is a matter of history, too.
  static void compare_links(const Seen& followed, const Seen& fresh,
                            const std::set<std::string>& unsure) {
    for (const auto& [path, linked] : fresh.linked) {
      static const std::regex address("\"page\", \"[^\".]+\"");
      if (!unsure.empty() && std::regex_search(linked, address)) continue;
      const bool is_sure = !unsure.contains(path) &&
                           std::ranges::none_of(unsure, [&linked = linked](const auto& target) {
                             return linked.find("\"" + target + "\"") != std::string::npos;
                           });
      if (is_sure) {
        EXPECT_EQ(get(followed.linked, path), linked) << path;
      }
    }
    // Which posts there are decides which pictures are shown, but not what a picture is.
    if (unsure.empty()) {
      EXPECT_EQ(followed.assets, fresh.assets);
    }
    for (const auto& [path, asset] : fresh.assets) {
      if (followed.assets.contains(path)) {
        EXPECT_EQ(get(followed.assets, path), asset) << path;
      }
    }
  }

  void compare(const Seen& followed, const Seen& fresh) {
    std::set<std::string> rivals;
    add_rivals(followed, fresh, rivals);
    EXPECT_EQ(value("select count(*) from redirect join post using (blog_id, slug)"), "0")
        << "a page comes before a redirect";
    std::set<std::string> paths;
    for (const auto* seen : {&followed, &fresh})
      for (const auto* map : {&seen->posts, &seen->errors})
        for (const auto& [path, content] : *map)
          paths.insert(path);
    for (const auto& path : paths) {
      if (rivals.contains(path)) continue;
      EXPECT_EQ(get(followed.errors, path), get(fresh.errors, path)) << path;
      if (fresh.errors.contains(path)) continue;  // an older version may be there
      EXPECT_EQ(get(followed.posts, path), get(fresh.posts, path)) << path;
      EXPECT_EQ(get(followed.slugs, path), get(fresh.slugs, path)) << path;
    }
    auto unsure = rivals;
    for (const auto& [path, message] : fresh.errors)
      unsure.insert(path);
    compare_links(followed, fresh, unsure);
  }

  void compare_with_fresh_import(const std::optional<std::string>& commit) {
    forget_fresh_blog();
    publish_to(fresh_id_, commit);
    compare(look_at(blog_id_), look_at(fresh_id_));
    for (const auto& broken : testing::broken_promises(oracle_))
      ADD_FAILURE() << broken;
  }

  static std::string get(const std::map<std::string, std::string>& map, const std::string& path) {
    const auto found = map.find(path);
    return found == map.end() ? "(none)" : found->second;
  }

  base::BlogId fresh_id_;
  int strangers_ = 0;
  std::map<std::string, std::string> settings_;                  // devy.toml, by commit
  std::vector<std::pair<base::UploadId, std::string>> uploads_;  // with what they published
};

TEST_P(History, GivesTheSamePostsAsAFreshImport) {
  SCOPED_TRACE("DEVY_SEED=" + std::to_string(GetParam()));
  write("devy.toml", "");
  for (int step = 0; step < steps; ++step) {
    SCOPED_TRACE("step " + std::to_string(step));
    for (std::size_t i = 0, changes = 1 + below(5); i < changes; ++i)
      change_something();
    push_history();
    grow_or_shrink();
    uploads_.emplace_back(publish_to(blog_id_), commits_.back());
    compare_with_fresh_import(std::nullopt);
    if (below(2) == 0) {
      SCOPED_TRACE("after an operator");
      auto shown = commits_.back();
      if (below(2) == 0) expect(shown = roll_back());
      repair();
      compare_with_fresh_import(shown);
    }
    if (HasFailure()) return;
  }
}

std::vector<unsigned> seeds() {
  std::vector<unsigned> numbers{1, 2, 3};
  if (const char* own = std::getenv("DEVY_SEED"))
    numbers.push_back(static_cast<unsigned>(std::strtoul(own, nullptr, 10)));
  return numbers;
}

INSTANTIATE_TEST_SUITE_P(Seed, History, ::testing::ValuesIn(seeds()),
                         [](const auto& seed) { return std::to_string(seed.param); });

}  // namespace history_property_test
}  // namespace devy::upload
