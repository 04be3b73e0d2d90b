// Random histories of a repository: after each push the blog that followed it all is what a fresh
// import of the same commit gives. The seed is printed; DEVY_SEED=<number> adds one of your own.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <regex>
#include <set>
#include <sstream>

#include "core/platform/queue/ingest.hpp"
#include "core/publishing/plan/plan.hpp"
#include "core/publishing/post/slug.hpp"
#include "core/publishing/store/account_store.hpp"
#include "core/publishing/upload/source.hpp"
#include "tests/support/publishing/upload_fixture.hpp"

namespace devy::upload {
namespace history_property_test {

using testing::ending;
using testing::Lines;
using testing::UploadTest;

constexpr int steps = 10;
constexpr std::size_t files_min = 4;

class History : public UploadTest, public ::testing::WithParamInterface<unsigned> {
 protected:
  History() : random_(GetParam()) {
    server_.misbehave([](testing::Faults& faults) { faults.allows_any_commit = true; });
    publishing::add_account(connection_, "bob", false);
    testing::make_bare_repository(folder_ / "srv/bob/fresh.git");
    fresh_id_ = publishing::connect_blog(connection_, {"bob", "fresh", server_.url("bob/fresh.git"),
                                                       std::nullopt, std::nullopt})
                    .id;
    for (int i = 0; i < 8; ++i)
      add_file();
  }

  std::size_t below(std::size_t bound) { return random_() % bound; }
  template <class Item>
  const Item& any(const std::vector<Item>& items) {
    return items.at(below(items.size()));
  }

  // ---- the author
  [[nodiscard]] Lines files() {
    author_.git({"add", "-A"});
    std::istringstream listing(author_.git({"ls-files", "--", "*.md"}));
    Lines paths;
    for (std::string path; std::getline(listing, path);)
      paths.push_back(path);
    return paths;
  }

  std::string new_path() {
    static const Lines folders{"", "docs/", "docs/deep/", "notes/"};
    static const Lines names{"a", "b", "c", "D", "d", "c+", "c#", "index", "2024-05-06-e"};
    return any(folders) + any(names) + std::to_string(below(4)) + ".md";
  }

  std::string image_path() {
    static const Lines folders{"", "docs/", "_img/"};
    return any(folders) + "i" + std::to_string(below(4)) + ".png";
  }

  // One that is there changes, goes or comes.
  void change_image() {
    const auto path = image_path();
    if (below(3) == 0 && std::filesystem::exists(author_.folder() + "/" + path))
      author_.remove_file(path);
    else write(path, "\x89PNG\r\n\x1a\n" + std::to_string(below(5)));
  }

  std::string text() {
    std::string text;
    if (below(3) == 0) text += "---\nslug: s" + std::to_string(below(5)) + "\n---\n";
    else if (below(6) == 0) text += "---\npermalink: /p" + std::to_string(below(4)) + "/\n---\n";
    else if (below(6) == 0) text += "---\ncover: /" + image_path() + "\n---\n";
    else if (below(4) == 0) text += "---\ndraft: true\ntags: [x, y]\n---\n";
    else if (below(8) == 0) text += "---\ntitle: [\n---\n";
    text += "# Title " + std::to_string(below(1'000)) + "\n\n";
    for (std::size_t i = 0, lines = 3 + below(8); i < lines; ++i)
      text += "Line " + std::to_string(below(50)) + " of some text about nothing much.\n";
    if (below(2) == 0) text += "\n## Part " + part() + "\n";
    for (std::size_t i = below(4); i > 0; --i)
      text += "\n[link](/" + new_path() + "#part-" + part() + ") [here](#part-" + part() + ")\n";
    if (below(3) == 0) text += "\n[address](/s" + part() + "/) [home](/)\n";
    for (std::size_t i = below(3); i > 0; --i)
      text += "\n![image](/" + image_path() + ")\n";
    if (below(20) == 0) text += "broken \xff byte\n";
    return text;
  }

  std::string part() { return std::to_string(below(3)); }
  void add_file() { write(new_path(), text()); }

  void rename_file() {
    const auto target = new_path();
    const auto paths = files();
    const auto source = any(paths);
    if (std::ranges::find(paths, target) == paths.end()) author_.rename(source, target);
  }

  void append_to_file() {
    const auto path = any(files());
    write(path, testing::read_text(author_.folder() + "/" + path) + "One line more.\n");
  }

  void change_settings() {
    static const Lines settings{"",
                                "drafts = true\n",
                                "timezone = \"Asia/Tokyo\"\n",
                                "root = \"docs\"\n",
                                "max_delete_percent = 10\n",
                                "ignore = [\"notes/\"]\n"};
    write("docs/anchor.md", "# Anchor\n");
    const auto& chosen = any(settings);
    write("devy.toml", chosen);
  }

  void change_something() {
    switch (below(11)) {
      case 0: return add_file();
      case 1:
      case 2: return write(any(files()), text());
      case 3: return append_to_file();
      case 4:
      case 5: return rename_file();
      case 6:
        if (files().size() > files_min) author_.remove_file(any(files()));
        return;
      case 7: return change_settings();
      case 8:
      case 9: return change_image();
      default:
        if (!commits_.empty() && below(2) == 0) author_.reset_to(any(commits_));
    }
  }

  std::string push_history() {
    commits_.push_back(push());
    author_.force_push(folder_ / "srv/bob/fresh.git");
    const auto settings = testing::read_text(author_.folder() + "/devy.toml");
    oracle_.root = settings.find("root") == std::string::npos ? "." : "docs";
    oracle_.is_ignored = {};
    if (settings.find("ignore") != std::string::npos)
      oracle_.is_ignored = [](const std::string& path) { return path.starts_with("notes/"); };
    return commits_.back();
  }

  // ---- uploads
  // Now and then the repository is one whose files are left out of a fetch.
  void grow_or_shrink() {
    execute("update repository set pack_bytes = " +
            std::to_string(below(2) == 0 ? 0 : large_pack_bytes));
  }
  void publish_to(const base::BlogId& blog) {
    const auto id =
        publishing::record_upload(connection_, publishing::find_blog_by_id(connection_, blog), {})
            .id;
    auto upload = run(id);
    if (upload.state == queue::State::held) {
      queue::approve(connection_, id, "test", "random");
      upload = run(id);
    }
    EXPECT_EQ(ending(upload), "completed") << upload.error_text.value_or("");
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

  static std::string get(const std::map<std::string, std::string>& map, const std::string& path) {
    const auto found = map.find(path);
    return found == map.end() ? "(none)" : found->second;
  }

  std::mt19937 random_;
  base::BlogId fresh_id_;
  std::vector<std::string> commits_;
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
    publish_to(blog_id_);
    forget_fresh_blog();
    publish_to(fresh_id_);
    compare(look_at(blog_id_), look_at(fresh_id_));
    for (const auto& broken : testing::broken_promises(oracle_))
      ADD_FAILURE() << broken;
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
