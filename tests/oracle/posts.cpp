#include "tests/oracle/posts.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <initializer_list>
#include <set>
#include <sstream>

#include "tests/oracle/links.hpp"
#include "tests/support/git/git_run.hpp"
#include "tests/support/postgres/psql.hpp"

namespace devy::testing {
namespace {

using Files = std::map<std::string, std::string>;

struct TreeLine {
  std::string mode, id, path;
  long bytes = 0;
};

// `git ls-tree -rlz`: "<mode> <type> <id> <size>\t<path>\0", submodules without a size.
std::vector<TreeLine> list_tree(const std::string& repository, const std::string& commit) {
  std::istringstream whole(git({"-C", repository, "ls-tree", "-rlz", "--full-tree", commit}) +
                           '\0');
  std::vector<TreeLine> lines;
  for (std::string text; std::getline(whole, text, '\0');) {
    const auto tab = text.find('\t');
    if (tab == std::string::npos) continue;
    TreeLine line;
    std::string type, bytes;
    std::istringstream(text.substr(0, tab)) >> line.mode >> type >> line.id >> bytes;
    line.bytes = bytes == "-" ? -1 : std::stol(bytes);
    line.path = text.substr(tab + 1);
    lines.push_back(std::move(line));
  }
  return lines;
}

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](char c) {
    return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  });
  return text;
}

bool is_one_of(const std::string& word, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, word) != words.end();
}

std::string stem_of(const std::string& path) {
  const auto name = lower(path.substr(path.rfind('/') + 1));
  return name.substr(0, name.rfind('.'));
}

std::string folder_of(const std::string& path) {
  return path.find('/') == std::string::npos ? "" : path.substr(0, path.rfind('/'));
}

// What GitHub looks for in a repository's root, .github/ and docs/.
bool is_about_the_repository(const std::string& path) {
  for (const std::string place : {"", ".github", "docs"}) {
    const auto templates =
        lower(place.empty() ? path : path.substr(std::min(path.size(), place.size() + 1)));
    if (!place.empty() && !path.starts_with(place + "/")) continue;
    if (templates.starts_with("issue_template/") || templates.starts_with("pull_request_template/"))
      return true;
    if (folder_of(path) == place &&
        is_one_of(stem_of(path), {"readme", "license", "contributing", "code_of_conduct",
                                  "security", "support", "changelog", "governance", "agents",
                                  "claude", "pull_request_template", "issue_template"}))
      return true;
  }
  return false;
}

// What every blog leaves out. The folders of the root itself are not asked.
bool is_ignored_by_default(const std::string& path, const std::string& root) {
  std::istringstream parts(path.substr(root.size()));
  std::string part;
  while (std::getline(parts, part, '/')) {
    const bool is_file = parts.eof();
    if (part.starts_with('.')) return true;
    if (!is_file && is_one_of(part, {"archetypes", "node_modules", "vendor"})) return true;
    const bool is_known =
        is_file ? stem_of(part) == "_index" : is_one_of(part, {"_posts", "_drafts"});
    if (part.starts_with('_') && !is_known) return true;
  }
  return is_about_the_repository(path);
}

// A folder has one page: index.md, else _index.md, else README.md.
void keep_one_page_a_folder(Files& files) {
  std::map<std::string, std::set<std::string>> pages;  // stems by folder
  for (const auto& [path, blob] : files)
    pages[folder_of(path)].insert(stem_of(path));
  std::erase_if(files, [&](const auto& file) {
    const auto& stems = pages.at(folder_of(file.first));
    const auto stem = stem_of(file.first);
    return (is_one_of(stem, {"readme", "_index"}) && stems.contains("index")) ||
           (stem == "readme" && stems.contains("_index"));
  });
}

bool is_markdown(const std::string& path) {
  const auto name = lower(path);
  return std::ranges::any_of(std::array{".md", ".markdown", ".mdown", ".mkd", ".mkdn", ".mdwn"},
                             [&](const char* extension) { return name.ends_with(extension); });
}

// No file system should have to hold these; git does.
bool is_bad_name(const std::string& path) {
  return std::ranges::any_of(
      path, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f || c == '\\'; });
}

bool is_lfs_pointer(const std::string& repository, const TreeLine& line) {
  if (line.bytes < 60 || line.bytes > 1024) return false;
  return git({"-C", repository, "cat-file", "blob", line.id})
      .starts_with("version https://git-lfs.github.com/spec/");
}

Files files_of(const OracleCase& oracle, const std::string& table) {
  Files files;
  for (const auto& line : lines_of(oracle, "select blob || ' ' || path from " + table +
                                               " where blog_id = '" + oracle.blog + "'"))
    files[line.substr(41)] = line.substr(0, 40);
  return files;
}

void compare_posts(const OracleCase& oracle, const std::string& head,
                   std::vector<std::string>& broken) {
  const auto tree = head.empty() ? Files() : published_files(oracle, head);
  const auto posts = files_of(oracle, "post");
  const auto errors = files_of(oracle, "file_error");
  for (const auto& [path, blob] : tree) {
    const auto post = posts.find(path);
    if (errors.contains(path)) continue;
    if (post == posts.end()) broken.push_back("no post of file " + path);
    else if (post->second != blob)
      broken.push_back("post of file " + path + " is not its blob " + blob);
  }
  for (const auto& [path, blob] : posts)
    if (!tree.contains(path)) broken.push_back("post of no file: " + path);
  for (const auto& [path, blob] : errors) {
    const auto file = tree.find(path);
    if (file == tree.end() || file->second != blob)
      broken.push_back("file error about a file that is not there: " + path);
  }
}

// Every file of the tree is written, unchanged, or in error.
void check_counts(const OracleCase& oracle, const std::string& head,
                  std::vector<std::string>& broken) {
  const auto files = std::to_string(published_files(oracle, head).size());
  for (const auto& counted :
       lines_of(oracle,
                "select created + updated + renamed + unchanged + file_errors from upload u"
                " join operation o on o.id = u.operation_id where o.state = 'completed'"
                " and u.commit = '" +
                    head + "' and u.blog_id = '" + oracle.blog + "'"))
    if (counted != files) broken.push_back("counts tell of " + counted + " files, not " + files);
}

// An upload of an older event that brought an ancestor of what was live, though nobody asked for
// it.
void check_order(const OracleCase& oracle, std::vector<std::string>& broken) {
  const auto steps = lines_of(
      oracle,
      "select before || ' ' || commit from (select u.commit, e.at, o.event_at, o.is_forced,"
      " u.requested_commit, lag(u.commit) over w as before, max(o.event_at) over w as newest"
      " from upload u join operation o on o.id = u.operation_id"
      " join operation_event e on e.operation_id = o.id and e.state = 'completed'"
      " where u.blog_id = '" +
          oracle.blog +
          "' window w as (order by e.at, e.seq rows between 1 preceding and 1 preceding)) s"
          " where before <> commit and event_at < newest and not is_forced"
          " and requested_commit is null");
  for (const auto& step : steps) {
    const auto before = step.substr(0, 40), after = step.substr(41);
    const auto verdict =
        run_git({{"-C", oracle.repository, "merge-base", "--is-ancestor", after, before}});
    if (verdict.status == 0) broken.push_back("went back from " + before + " to " + after);
  }
}

}  // namespace

std::vector<std::string> lines_of(const OracleCase& oracle, const std::string& sql) {
  const auto question = "set search_path = devy; " + sql;
  std::istringstream output(SqlSessions::can_run(question)
                                ? oracle.sessions->run(oracle.conninfo, question)
                                : psql(oracle.conninfo, question));
  std::vector<std::string> lines;
  for (std::string line; std::getline(output, line);)
    lines.push_back(line);
  return lines;
}

Files published_files(const OracleCase& oracle, const std::string& commit) {
  const auto root = oracle.root == "." ? std::string() : oracle.root + "/";
  Files files;
  for (const auto& line : list_tree(oracle.repository, commit)) {
    if (!line.mode.starts_with("100") || !line.path.starts_with(root)) continue;
    if (!is_markdown(line.path) || is_bad_name(line.path)) continue;
    if (is_ignored_by_default(line.path, root)) continue;
    if (oracle.is_ignored && oracle.is_ignored(line.path)) continue;
    if (!is_lfs_pointer(oracle.repository, line)) files[line.path] = line.id;
  }
  keep_one_page_a_folder(files);
  return files;
}

std::vector<std::string> broken_promises(const OracleCase& oracle) {
  std::vector<std::string> broken;
  const auto heads = lines_of(
      oracle, "select coalesce(head_commit, '') from blog where id = '" + oracle.blog + "'");
  if (heads.size() != 1) throw std::runtime_error("the oracle's blog does not exist");
  if (oracle.head && heads[0] != *oracle.head)
    broken.push_back("the head is '" + heads[0] + "' and not '" + *oracle.head + "'");
  compare_posts(oracle, heads[0], broken);
  if (!heads[0].empty()) check_counts(oracle, heads[0], broken);
  check_order(oracle, broken);
  for (auto& line : broken_links(oracle, heads[0]))
    broken.push_back(std::move(line));
  return broken;
}

}  // namespace devy::testing
