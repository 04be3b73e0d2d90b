// Uploads that are resumed by tus 1.0: each header, each status.
#include "core/platform/base/base64.hpp"
#include "core/platform/base/hex.hpp"
#include "core/platform/base/sha1.hpp"
#include "core/platform/base/sha256.hpp"
#include "tests/integration/daemon/web/files_tus_fixture.hpp"

namespace devy::daemon {
namespace files_tus_test {

using testing::RawHeaders;

TEST_F(TusRoutes, SaysWhatItSpeaks) {
  start();
  const auto answer = ask("OPTIONS", "/files", "");
  EXPECT_EQ(answer.status, 204);
  EXPECT_EQ(header(answer, "Tus-Version"), "1.0.0");
  EXPECT_EQ(header(answer, "Tus-Extension"),
            "creation,creation-with-upload,creation-defer-length,expiration,checksum,termination");
  EXPECT_EQ(header(answer, "Tus-Max-Size"), std::to_string(config_.files.file_bytes_max));
  EXPECT_EQ(header(answer, "Tus-Checksum-Algorithm"), "sha256,sha1");
  // Another version, and the IETF's draft, which has no Tus-Resumable.
  const auto old = ask("POST", "/files", "ghp_alice", "", {{"Tus-Resumable", "0.2.2"}});
  EXPECT_EQ(old.status, 412);
  EXPECT_EQ(header(old, "Tus-Version"), "1.0.0");
  EXPECT_EQ(ask("POST", "/files", "ghp_alice", "", {{"Upload-Complete", "?0"}}).status, 412);
  EXPECT_EQ(ask("HEAD", begin(3), "").status, 412);
}

TEST_F(TusRoutes, ReceivesAFileInParts) {
  start();
  const auto created =
      create({{"Upload-Length", "11"},
              {"Upload-Metadata", "filename w6QudHh0,filetype aW1hZ2UvcG5n,a Yg=="}});
  ASSERT_EQ(created.status, 201) << created.body;
  const auto url = header(created, "Location");
  EXPECT_TRUE(url.starts_with("/files/a-" + header(created, "Devy-File") + ".")) << url;
  EXPECT_EQ(header(created, "Devy-Token"), "");
  EXPECT_EQ(header(created, "Tus-Resumable"), "1.0.0");
  EXPECT_TRUE(header(created, "Upload-Expires").ends_with(" GMT"));
  EXPECT_EQ(reserved(), "11 0 0");

  const auto head = tus("HEAD", url);
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(header(head, "Upload-Offset"), "0");
  EXPECT_EQ(header(head, "Upload-Length"), "11");
  EXPECT_EQ(header(head, "Upload-Metadata"), "filename w6QudHh0,filetype aW1hZ2UvcG5n,a Yg==");
  EXPECT_EQ(header(head, "Cache-Control"), "no-store");
  const auto part = patch(url, 0, "hello ");
  EXPECT_EQ(part.status, 204) << part.body;
  EXPECT_EQ(header(part, "Upload-Offset"), "6");
  EXPECT_FALSE(header(part, "Upload-Expires").empty());
  EXPECT_EQ(offset(url), "6");
  EXPECT_EQ(value("select received || ' ' || fence from file_upload"), "6 2");
  EXPECT_EQ(differences(), "");
  const auto last = patch(url, 6, "world");
  EXPECT_EQ(last.status, 204) << last.body;
  EXPECT_EQ(header(last, "Upload-Offset"), "11");
  EXPECT_EQ(offset(url), "11");
  EXPECT_EQ(reserved(), "0 11 1");

  const std::string path = "/v1/files/" + header(created, "Devy-File");
  const auto file = Document::parse(ask("GET", path, "ghp_alice").body);
  EXPECT_EQ(file["state"], "permanent");
  EXPECT_EQ(file["name"], "\xc3\xa4.txt");
  EXPECT_EQ(file["metadata"]["a"], "b");
  EXPECT_EQ(file["media_type"], "text/plain; charset=utf-8");
  EXPECT_EQ(file["sha256"], base::to_hex(base::sha256("hello world")));
  EXPECT_EQ(ask("GET", path + "/content", "ghp_alice").body, "hello world");
  EXPECT_EQ(paths("staging"), "");
  EXPECT_EQ(differences(), "");
  // The last PATCH again, whose answer was lost.
  EXPECT_EQ(patch(url, 11, "").status, 204);
  EXPECT_EQ(patch(url, 11, "x").status, 413);
  EXPECT_EQ(patch(url, 6, "world").status, 409);
}

TEST_F(TusRoutes, ReceivesWithTheCreationAndAnEmptyFile) {
  start();
  const auto whole = create({{"Upload-Length", "5"}}, "hello");
  ASSERT_EQ(whole.status, 201) << whole.body;
  EXPECT_EQ(header(whole, "Upload-Offset"), "5");
  EXPECT_EQ(value("select state from file where id = '" + header(whole, "Devy-File") + "'"),
            "permanent");
  const auto half = create({{"Upload-Length", "10"}}, "hello");
  EXPECT_EQ(header(half, "Upload-Offset"), "5");
  EXPECT_EQ(patch(header(half, "Location"), 5, "world").status, 204);
  const auto empty = create({{"Upload-Length", "0"}});
  ASSERT_EQ(empty.status, 201) << empty.body;
  EXPECT_EQ(value("select state || size from file where id = '" + header(empty, "Devy-File") + "'"),
            "permanent0");
  EXPECT_EQ(offset(header(empty, "Location")), "0");
  EXPECT_EQ(differences(), "");
}

TEST_F(TusRoutes, ReceivesWhatSaysItsLengthLater) {
  start();
  const auto created = create({{"Upload-Defer-Length", "1"}});
  ASSERT_EQ(created.status, 201) << created.body;
  const auto url = header(created, "Location");
  EXPECT_EQ(header(tus("HEAD", url), "Upload-Defer-Length"), "1");
  EXPECT_EQ(header(patch(url, 0, "hello"), "Upload-Offset"), "5");
  EXPECT_EQ(reserved(), "5 0 0");
  EXPECT_EQ(patch(url, 5, "", {{"Upload-Length", "4"}}).status, 400);
  EXPECT_EQ(patch(url, 5, " ", {{"Upload-Length", "11"}}).status, 204);
  EXPECT_EQ(reserved(), "11 0 0");
  EXPECT_EQ(patch(url, 6, "", {{"Upload-Length", "12"}}).status, 400);
  EXPECT_EQ(patch(url, 6, "world").status, 204);
  EXPECT_EQ(reserved(), "0 11 1");
  // It ends where it has been already.
  const auto other = header(create({{"Upload-Defer-Length", "1"}}), "Location");
  EXPECT_EQ(patch(other, 0, "bye").status, 204);
  EXPECT_EQ(value("select count(*) from file where state = 'permanent'"), "1");
  EXPECT_EQ(patch(other, 3, "", {{"Upload-Length", "3"}}).status, 204);
  EXPECT_EQ(value("select count(*) from file where state = 'permanent'"), "2");
  EXPECT_EQ(reserved(), "0 14 2");
  EXPECT_EQ(differences(), "");
}

TEST_F(TusRoutes, RefusesHeadersThatAreWrong) {
  config_.files.file_bytes_max = 100;
  start();
  const auto status = [&](RawHeaders headers, const std::string& body = {}) {
    return create(std::move(headers), body).status;
  };
  EXPECT_EQ(status({}), 400);
  EXPECT_EQ(status({{"Upload-Length", "1"}, {"Upload-Defer-Length", "1"}}), 400);
  EXPECT_EQ(status({{"Upload-Defer-Length", "2"}}), 400);
  for (const auto* length : {"-1", "+1", "0x1", "1 2", "1.0"})
    EXPECT_EQ(status({{"Upload-Length", length}}), 400) << length;
  EXPECT_EQ(status({{"Upload-Length", "1"}, {"Upload-Length", "1"}}), 400);
  for (const auto* length : {"101", "9223372036854775807", "9223372036854775808",
                             "18446744073709551617", "99999999999999999999999999"})
    EXPECT_EQ(status({{"Upload-Length", length}}), 413) << length;
  EXPECT_EQ(status({{"Upload-Length", "2"}}, "abc"), 413);
  EXPECT_EQ(tus("POST", "/files", {{"Upload-Length", "2"}}, "ab", "ghp_alice").status, 415);
  EXPECT_EQ(create({{"Upload-Length", "2"}}, {}, "").status, 401);
  EXPECT_EQ(create({{"Upload-Length", "2"}}, {}, "gho_alice").status, 403);
  EXPECT_EQ(header(create({{"Upload-Length", "2"}}, {}, ""), "Tus-Resumable"), "1.0.0");
  // Parts are not joined yet, whosever they are.
  for (const auto* concat : {"partial", "final;/files/a /files/../../etc/passwd"})
    EXPECT_EQ(status({{"Upload-Length", "2"}, {"Upload-Concat", concat}}), 400);
  for (const auto* metadata :
       {"filename ?", "filename YQ==,filename YQ==", ",", "a YQ==,", "a YQ=", "a /w==", "a AA=="})
    EXPECT_EQ(status({{"Upload-Length", "2"}, {"Upload-Metadata", metadata}}), 400) << metadata;
  for (const auto& name : std::vector<std::string>{"../a", "a/b", "..",
                                                   "\xe2\x80\xae"
                                                   "a",
                                                   std::string(256, 'a')})
    EXPECT_EQ(status({{"Upload-Length", "2"},
                      {"Upload-Metadata", "filename " + base::encode_base64(name)}}),
              422)
        << name;
  EXPECT_EQ(status({{"Upload-Length", "2"}, {"Upload-Checksum", "md5 YQ=="}}), 400);
  EXPECT_EQ(value("select count(*) from file"), "0");

  const auto url = begin(3);
  EXPECT_EQ(tus("PATCH", url, {{"Upload-Offset", "0"}}, "abc").status, 415);
  EXPECT_EQ(tus("PATCH", url, {{"Content-Type", tus_octets}}, "abc").status, 400);
  EXPECT_EQ(patch(url, 0, "abcd").status, 413);
  EXPECT_EQ(patch(url, 0, "abc", {{"Upload-Length", "4"}}).status, 400);
  EXPECT_EQ(patch(url, 0, "abc", {{"Upload-Checksum", "sha256 YQ=="}}).status, 400);
  const auto wrong = patch(url, 1, "bc");
  EXPECT_EQ(wrong.status, 409);
  EXPECT_EQ(header(wrong, "Upload-Offset"), "0");
  EXPECT_EQ(tus("POST", url, {{"X-HTTP-Method-Override", "PUT"}}).status, 400);
  EXPECT_EQ(offset(url), "0");
  EXPECT_EQ(reserved(), "3 0 0");
}

TEST_F(TusRoutes, BelievesNobodyWithoutTheUrl) {
  start();
  const auto url = begin(3);
  auto guessed = url;
  guessed.back() = guessed.back() == 'A' ? 'Q' : 'A';
  const auto id = value("select file_id from file_upload");
  for (const auto& target : {guessed, "/files/a-" + id, "/files/a-" + id + ".", url + "x",
                             std::string("/files/x"), "/files/A-" + id + url.substr(url.find('.'))})
    for (const char* method : {"HEAD", "DELETE", "PATCH"})
      EXPECT_EQ(method == std::string("PATCH") ? patch(target, 0, "abc").status
                                               : tus(method, target).status,
                404)
          << method << " " << target;
  EXPECT_EQ(tus("HEAD", "/files/b-" + url.substr(url.find('-') + 1)).status, 503);
  EXPECT_EQ(tus("GET", url).status, 405);
  // Only a digest of the key is stored.
  EXPECT_EQ(value("select encode(key_digest, 'hex') from file_upload"),
            base::to_hex(base::sha256(url.substr(url.find('.') + 1))));
  EXPECT_EQ(paths("staging"), "");
  EXPECT_EQ(patch(url, 0, "abc").status, 204);
}

TEST_F(TusRoutes, DropsWhatHasAnotherChecksum) {
  start();
  const auto sha256 = [](const std::string& bytes) {
    return "sha256 " + base::encode_base64(base::view_of(base::sha256(bytes)));
  };
  const auto sha1 = [](const std::string& bytes) {
    base::Sha1Stream digest;
    digest.add(bytes);
    return "sha1 " + base::encode_base64(digest.finish());
  };
  const auto url = begin(9);
  EXPECT_EQ(patch(url, 0, "abc", {{"Upload-Checksum", sha256("abc")}}).status, 204);
  EXPECT_EQ(patch(url, 3, "dxf", {{"Upload-Checksum", sha256("def")}}).status, 460);
  EXPECT_EQ(offset(url), "3");
  EXPECT_EQ(patch(url, 3, "dxf", {{"Upload-Checksum", sha1("def")}}).status, 460);
  EXPECT_EQ(patch(url, 3, "def", {{"Upload-Checksum", sha1("def")}}).status, 204);
  EXPECT_EQ(patch(url, 6, "ghi").status, 204);
  EXPECT_EQ(value("select encode(sha256, 'hex') from file"),
            base::to_hex(base::sha256("abcdefghi")));
  // Of a creation nothing stays, for nobody has its URL.
  EXPECT_EQ(create({{"Upload-Length", "6"}, {"Upload-Checksum", sha1("abc")}}, "abx").status, 460);
  EXPECT_EQ(value("select count(*) from file where state = 'receiving'"), "0");
  EXPECT_EQ(reserved(), "0 9 1");
  EXPECT_EQ(differences(), "");
}

TEST_F(TusRoutes, EndsUploads) {
  start();
  const auto url = begin(6);
  EXPECT_EQ(patch(url, 0, "abc").status, 204);
  EXPECT_NE(paths("staging"), "");
  EXPECT_EQ(tus("DELETE", url).status, 204);
  EXPECT_EQ(paths("staging"), "");
  EXPECT_EQ(reserved(), "0 0 0");
  EXPECT_EQ(tus("DELETE", url).status, 410);
  EXPECT_EQ(tus("HEAD", url).status, 410);
  EXPECT_EQ(patch(url, 3, "def").status, 410);
  // A complete one is deleted with its file, unless something uses that.
  const auto whole = begin(3);
  EXPECT_EQ(patch(whole, 0, "abc").status, 204);
  execute(
      "insert into file_reference (file_id, kind, key, created_by) select id, 'task', '1', 't' "
      "from file where state = 'permanent'");
  EXPECT_EQ(tus("DELETE", whole).status, 410);
  execute("delete from file_reference");
  EXPECT_EQ(tus("DELETE", whole).status, 204);
  EXPECT_EQ(tus("HEAD", whole).status, 410);
  EXPECT_EQ(reserved(), "0 0 0");
  // One that has expired.
  const auto old = begin(6);
  execute("update file_upload set expires_at = clock_timestamp() where received = 0");
  EXPECT_EQ(tus("HEAD", old).status, 410);
  EXPECT_EQ(patch(old, 0, "abc").status, 410);
  EXPECT_EQ(tus("DELETE", old).status, 410);
  EXPECT_EQ(reserved(), "0 0 0");
}

TEST_F(TusRoutes, LetsAnUploadLiveADayAndAWeekAtMost) {
  start();
  const auto url = begin(6);
  const auto life = [&] {
    return value(
        "select extract(epoch from u.expires_at - f.created_at)::integer / 3600 from "
        "file_upload u join file f on f.id = u.file_id");
  };
  EXPECT_EQ(life(), "24");
  execute("update file set created_at = created_at - interval '156 hours'");
  EXPECT_EQ(patch(url, 0, "abc").status, 204);
  EXPECT_EQ(life(), "168");
}

}  // namespace files_tus_test
}  // namespace devy::daemon
