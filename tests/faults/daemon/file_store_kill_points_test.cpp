// F54: whoever brings a content to S3, or deletes it there, is killed between every two steps. The
// next one ends what it began; rows and bytes are equal, and nothing is left in S3.
#include <gtest/gtest.h>

#include <csignal>

#include "core/files/s3/client.hpp"
#include "tests/faults/daemon/killed_file_fixture.hpp"
#include "tests/support/s3/swift.hpp"

namespace devy::testing {
namespace file_store_kill_points_test {

class KilledStore : public KilledFileFixture {
 protected:
  KilledStore() {
    write_text(folder_ / "devy-upload.toml",
               "[files]\nenabled = true\ndirectory = \"" + (folder_ / "files") +
                   "\"\nfree_bytes_min = \"0B\"\nstorage = \"s3\"\n[files.s3]\nendpoint = \"" +
                   s3_.endpoint + "\"\nbucket = \"" + s3_.bucket + "\"\nprefix = \"" + s3_.prefix +
                   "\"\ncredentials_file = \"" + s3_.credentials_file +
                   "\"\npart_bytes = \"5MiB\"\nparallel = 1\n");
  }

  // Adds a file that goes in two parts; its bytes are no other's.
  std::string add(char letter) {
    constexpr std::size_t size = 8UL * 1024 * 1024 + 1;
    write_text(folder_ / "large", std::string(size, letter));
    const auto added = run({"file", "add", folder_ / "large", "--owner", "alice"});
    EXPECT_EQ(added.status, 0) << added.err;
    return added.out.substr(0, added.out.find(' '));
  }
  void expect_killed(std::vector<std::string> arguments, const std::string& fault) const {
    const auto killed = run(std::move(arguments), fault + "=kill");
    EXPECT_EQ(killed.status, 128 + SIGKILL) << killed.err;
    expect_equal();
  }
  void expect_equal() const {
    const auto found = run({"file", "verify", "--all"});
    EXPECT_EQ(found.status, 0) << found.out << found.err;
  }
  [[nodiscard]] std::string in_s3() const {
    const auto client = s3::make_client(s3_);
    int objects = 0, open = 0;
    client->list([&](const s3::Object&) { ++objects; });
    client->list_multiparts([&](const s3::OpenMultipart&) { ++open; });
    return std::to_string(objects) + " objects, " + std::to_string(open) + " open";
  }

  const config::FilesS3 s3_ = Swift::shared().settings();
};

TEST_F(KilledStore, IsEndedByTheNext) {
  const std::vector<std::string> store{"file", "move", "--to", "s3", "--here"};
  char letter = 'a';
  int objects = 0;
  for (const std::string fault :
       {"content_multipart_noted:1", "content_part_sent:1", "content_part_sent:2",
        "content_completed:1", "content_sent:1", "content_unlinked_here:1", "content_stored:1"}) {
    SCOPED_TRACE(fault);
    const auto id = add(letter++);
    expect_killed(store, fault);
    const auto done = run(store);
    EXPECT_EQ(done.status, 0) << done.out << done.err;
    EXPECT_EQ(database_.number("select count(*) from devy.content where state <> 'stored'"), 0);
    EXPECT_EQ(in_s3(), std::to_string(++objects) + " objects, 0 open");
    EXPECT_EQ(run({"file", "get", id, "--out", folder_ / ("got" + id)}).status, 0);
    EXPECT_TRUE(read_text(folder_ / ("got" + id)) == read_text(folder_ / "large"));
  }
  const auto found = run({"file", "verify", "--all", "--content"});
  EXPECT_EQ(found.status, 0) << found.out << found.err;
}

TEST_F(KilledStore, DeletesInTheEnd) {
  const std::vector<std::string> store{"file", "move", "--to", "s3", "--here"};
  char letter = 'k';
  for (const std::string fault : {"content_deleting:1", "content_deleted_in_s3:1"}) {
    SCOPED_TRACE(fault);
    add(letter++);
    EXPECT_EQ(run(store).status, 0);
    database_.execute(
        "select devy.file_delete(id, null, 'test') from devy.file where state = 'permanent';"
        "update devy.file set deleted_at = now() - interval '25 hours' where state = 'deleted'");
    EXPECT_EQ(run({"file", "cleanup", "--here"}).status, 0);
    expect_killed(store, fault);
    EXPECT_EQ(run(store).status, 0);
    EXPECT_EQ(database_.number("select count(*) from devy.content"), 0);
    EXPECT_EQ(in_s3(), "0 objects, 0 open");
  }
}

}  // namespace file_store_kill_points_test
}  // namespace devy::testing
