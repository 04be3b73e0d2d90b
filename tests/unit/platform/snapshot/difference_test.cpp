#include "core/platform/snapshot/difference.hpp"

#include <gtest/gtest.h>

#include "core/platform/base/error.hpp"

namespace devy::snapshot {
namespace difference_test {

BlobId blob(int number) {
  BlobId id;
  id.bytes[0] = static_cast<std::uint8_t>(number);
  return id;
}

Snapshot make(std::vector<Entry> entries) {
  Snapshot snapshot{std::move(entries)};
  snapshot.seal();
  return snapshot;
}

// "c a", "u b", "r c<d", "d e".
std::vector<std::string> texts(const Changeset& changeset) {
  std::vector<std::string> lines;
  for (const auto& change : changeset.changes)
    lines.push_back(std::string(to_string(change.kind).substr(0, 1)) + " " + change.path +
                    (change.from.empty() ? "" : "<" + change.from));
  return lines;
}

using Lines = std::vector<std::string>;

TEST(Difference, IsEmptyForEqualSnapshots) {
  const auto snapshot = make({{"a", blob(1), "o"}, {"b", blob(2), "o"}});
  const auto changeset = difference(snapshot, snapshot);
  EXPECT_EQ(texts(changeset), Lines());
  EXPECT_EQ(changeset.unchanged, 2U);
}

TEST(Difference, ReportsEachKindInPathOrder) {
  const auto before = make({{"same", blob(1), "o"},
                            {"edited", blob(2), "o"},
                            {"gone", blob(3), "o"},
                            {"z-old", blob(4), "o"}});
  const auto after = make({{"same", blob(1), "o"},
                           {"edited", blob(9), "o"},
                           {"new", blob(5), "o"},
                           {"moved", blob(4), "o"}});
  const auto changeset = difference(before, after);
  EXPECT_EQ(texts(changeset), (Lines{"u edited", "d gone", "r moved<z-old", "c new"}));
  EXPECT_EQ(changeset.unchanged, 1U);
  EXPECT_EQ(changeset.count(ChangeKind::renamed), 1U);
}

TEST(Difference, ReportsAnotherOriginAsAnUpdate) {
  const auto changeset = difference(make({{"a", blob(1), "old"}}), make({{"a", blob(1), "new"}}));
  EXPECT_EQ(texts(changeset), Lines{"u a"});
}

TEST(Difference, PairsIdenticalFilesInPathOrder) {
  const auto before = make({{"a1", blob(1), "o"}, {"a2", blob(1), "o"}, {"a3", blob(1), "o"}});
  const auto after = make({{"b1", blob(1), "o"}, {"b2", blob(1), "o"}});
  EXPECT_EQ(texts(difference(before, after)), (Lines{"d a3", "r b1<a1", "r b2<a2"}));
}

TEST(Difference, ReportsNoRenameForACopy) {
  const auto before = make({{"a", blob(1), "o"}});
  const auto after = make({{"a", blob(1), "o"}, {"b", blob(1), "o"}});
  EXPECT_EQ(texts(difference(before, after)), Lines{"c b"});
}

TEST(PairSimilar, ReportsRenamesOfSimilarFiles) {
  auto changeset = difference(make({{"a", blob(1), "o"}, {"b", blob(2), "o"}}),
                              make({{"c", blob(3), "o"}, {"d", blob(4), "o"}}));
  pair_similar(changeset, {{"a", "d"}, {"a", "c"}, {"nowhere", "c"}});
  EXPECT_EQ(texts(changeset), (Lines{"d b", "c c", "r d<a"}));
}

TEST(Snapshot, FindsByPathAndRefusesOneThatIsThereTwice) {
  const auto snapshot = make({{"b", blob(2), ""}, {"a", blob(1), ""}});
  ASSERT_NE(snapshot.find("a"), nullptr);
  EXPECT_EQ(snapshot.find("a")->blob, blob(1));
  EXPECT_EQ(snapshot.find("c"), nullptr);
  EXPECT_THROW(make({{"a", blob(1), ""}, {"a", blob(2), ""}}), base::Error);
}

}  // namespace difference_test
}  // namespace devy::snapshot
