#pragma once
// An author who does anything to a repository, by chance: files and images come, change, move and
// go, settings change, and history is rewritten. Equal seeds give equal histories. One thread.

#include <algorithm>
#include <filesystem>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "tests/support/publishing/upload_fixture.hpp"

namespace devy::upload {

class RandomAuthor : public testing::UploadTest {
 protected:
  using Lines = testing::Lines;

  explicit RandomAuthor(unsigned seed) : random_(seed) {}

  std::size_t below(std::size_t bound) { return random_() % bound; }
  template <class Item>
  const Item& any(const std::vector<Item>& items) {
    return items.at(below(items.size()));
  }

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
    // Now and then a place that one of the rules of what is a post knows.
    static const Lines known{"_posts/2024-01-02-a.md", "docs/_drafts/b.md",   "docs/deep/index.md",
                             "docs/deep/_index.md",    "docs/deep/README.md", "README.md",
                             "docs/CLAUDE.md",         "vendor/c.md",         "docs/_site/d.md"};
    if (below(5) == 0) return any(known);
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

  std::mt19937 random_;
  std::vector<std::string> commits_;  // that were pushed

 private:
  static constexpr std::size_t files_min = 4;
};

}  // namespace devy::upload
