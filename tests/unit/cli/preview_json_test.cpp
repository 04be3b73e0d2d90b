#include "cli/commands/publishing/preview_json.hpp"

#include <gtest/gtest.h>

#include "cli/commands/publishing/file_errors.hpp"

namespace devy::cli {
namespace preview_json_test {

using snapshot::ChangeKind;

TEST(EffectiveChanges, LeavesOutFilesInError) {
  upload::Preview preview;
  preview.changeset.changes = {{ChangeKind::created, "bad.md", {}, ""},
                               {ChangeKind::deleted, "gone.md", {}, ""},
                               {ChangeKind::renamed, "new.md", {}, "old.md"}};
  preview.file_errors = {{"bad.md", 3, 1, "what"}, {"gone.md", 0, 0, "what"}};
  const auto changes = effective_changes(preview).changes;
  ASSERT_EQ(changes.size(), 2U);
  EXPECT_EQ(changes[0].path, "gone.md");
  EXPECT_EQ(changes[1].path, "new.md");
}

TEST(FileErrorJson, HasNullForAPlaceThatIsNotKnown) {
  EXPECT_EQ(file_error_json({"a.md", 0, 0, "too large"}).dump(),
            "{\n  \"path\": \"a.md\",\n  \"line\": null,\n  \"column\": null,\n"
            "  \"message\": \"too large\"\n}");
}

TEST(FileErrorLine, IsSafeForATerminal) {
  const auto line = file_error_line({"a\x1b[2J.md", 2, 5, "bad \x07"});
  EXPECT_EQ(line.find('\x1b'), std::string::npos) << line;
  EXPECT_EQ(line.find('\x07'), std::string::npos) << line;
  EXPECT_NE(line.find(":2:5: "), std::string::npos) << line;
}

TEST(CountText, KnowsOneFromMany) {
  EXPECT_EQ(count_text(1, "post"), "1 post");
  EXPECT_EQ(count_text(0, "post"), "0 posts");
}

}  // namespace preview_json_test
}  // namespace devy::cli
