// What the rendering child makes of hostile files, as a parser sees it that is not ours.
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/publishing/rendering/renderer.hpp"
#include "tests/support/temp_folder.hpp"

namespace devy::markdown {
namespace sanitise_test {

std::vector<std::string> hostile_files() {
  const auto text = devy::testing::read_text(
      DEVY_SOURCE_FOLDER "/tests/unit/publishing/markdown/data/hostile_html.txt");
  constexpr std::string_view divider = "\n%%\n";
  std::vector<std::string> files;
  for (std::size_t begin = 0; begin < text.size();) {
    const auto end = std::min(text.find(divider, begin), text.size());
    files.push_back(text.substr(begin, end - begin));
    begin = end + divider.size();
  }
  return files;
}

std::string output_of(const std::string& command) {
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  std::string output;
  std::array<char, 4'096> part{};
  while (const auto size = std::fread(part.data(), 1, part.size(), pipe.get()))
    output.append(part.data(), size);
  return output;
}

std::string python_says_of(const std::string& folder) {
  return output_of("python3 '" DEVY_SOURCE_FOLDER
                   "/tests/integration/publishing/markdown/html_check.py' '" +
                   folder + "' 2>&1");
}

TEST(Sanitise, HoldsForAParserThatIsNotOurs) {
  const devy::testing::TempFolder folder;
  const auto files = hostile_files();
  std::size_t next = 0, written = 0;
  rendering::render_files(
      {}, {},
      [&]() -> std::optional<post::SourceFile> {
        if (next == files.size()) return std::nullopt;
        // Behind a heading of its own, so that nothing of it is taken for a title.
        const auto name = std::to_string(next) + ".md";
        return post::SourceFile{name, "# title\n\n" + files[next++]};
      },
      [&](post::Rendered&& rendered) {
        const auto* document = std::get_if<post::Document>(&rendered.result);
        ASSERT_NE(document, nullptr) << rendered.path;
        devy::testing::write_text(folder / (rendered.path + ".html"), document->html);
        ++written;
      });
  EXPECT_EQ(written, files.size());
  EXPECT_EQ(python_says_of(folder.path()), "");
}

TEST(Sanitise, FailsAnIndependentCheckForUnsafeHtml) {
  const devy::testing::TempFolder folder;
  devy::testing::write_text(folder / "a.html", "<p onclick=\"x\"><script>y</script>");
  EXPECT_EQ(python_says_of(folder.path()),
            "a.html: p onclick\na.html: <script>\na.html: <p> is open\n");
}

}  // namespace sanitise_test
}  // namespace devy::markdown
