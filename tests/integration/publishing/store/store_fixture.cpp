#include "tests/integration/publishing/store/store_fixture.hpp"

#include "core/platform/base/log.hpp"

namespace devy::publishing {

StoreTest::StoreTest() : connection_(open()) {
  base::log::configure(base::log::Level::off, base::log::Format::logfmt);
}

Blog StoreTest::blog() {
  const auto blogs = list_blogs(connection_);
  if (!blogs.empty()) return blogs.front();
  add_account(connection_, "alice", false);
  return connect_blog(connection_, request("alice", "blog", "https://github.com/alice/blog"));
}

base::UploadId StoreTest::completed_upload(const Blog& of) {
  const auto id = record_upload(connection_, of, {}).id;
  const auto where = " where id = '" + id.text() + "'";
  execute("update operation set state = 'scheduled', attempt = 1" + where);
  execute("update operation set state = 'processing'" + where);
  execute("update operation set state = 'completed', finished_at = clock_timestamp()" + where);
  return id;
}

base::Error StoreTest::error_of(const std::function<void()>& act) {
  try {
    act();
  } catch (const base::Error& error) {
    return error;
  }
  ADD_FAILURE() << "nothing was thrown";
  return {base::ErrorKind::internal, ""};
}

}  // namespace devy::publishing
