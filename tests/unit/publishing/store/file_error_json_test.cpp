#include "core/publishing/store/file_error_json.hpp"

#include <gtest/gtest.h>

#include "core/platform/base/error.hpp"

namespace devy::publishing {
namespace file_error_json_test {

using snapshot::ChangeKind;
using snapshot::FileError;

TEST(FileErrorJson, ReadsBackWhatItWrote) {
  const std::vector<FileError> errors{{"a \"b\"\n.md", 3, 4, "what\tever"}, {"ü.md", 0, 0, ""}};
  EXPECT_EQ(file_errors_from_json(to_json(errors)), errors);
  EXPECT_TRUE(file_errors_from_json("[]").empty());
}

TEST(FileErrorJson, KeepsTheFirstOnly) {
  EXPECT_EQ(file_errors_from_json(to_json(std::vector<FileError>(warnings_max + 5))).size(),
            warnings_max);
}

TEST(FileErrorJson, SurvivesBytesThatAreNoText) {
  const auto kept = file_errors_from_json(to_json(std::vector<FileError>{{"\xff.md", 0, 0, "x"}}));
  EXPECT_EQ(kept.at(0).path, "\xef\xbf\xbd.md");
}

TEST(ChangesetJson, ReadsBackWhatItWrote) {
  snapshot::Changeset changeset;
  const auto blob = *snapshot::BlobId::parse(std::string(40, 'b'));
  changeset.changes = {{ChangeKind::created, "c", blob, ""},
                       {ChangeKind::deleted, "d", blob, ""},
                       {ChangeKind::renamed, "r", blob, "from"},
                       {ChangeKind::updated, "u", blob, ""}};
  changeset.unchanged = 7;
  EXPECT_EQ(changeset_from_json(to_json(changeset), 7), changeset);
}

TEST(ChangesetJson, RefusesAnUnknownChange) {
  EXPECT_THROW(static_cast<void>(changeset_from_json(R"([["x","p",""]])", 0)), base::Error);
}

}  // namespace file_error_json_test
}  // namespace devy::publishing
