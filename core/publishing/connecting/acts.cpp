#include "core/publishing/connecting/acts.hpp"

#include "core/platform/base/log.hpp"
#include "core/platform/web/audit_store.hpp"

namespace devy::connecting {
namespace {

using publishing::HookAct;

void note(pg::Connection& connection, const Doer& doer, std::string act,
          const publishing::Blog& blog) {
  web::record_act(connection, {.actor = doer.name,
                               .address = doer.address,
                               .act = std::move(act),
                               .target = blog.address(),
                               .reason = doer.reason});
}

void switch_hook(pg::Connection& connection, const publishing::Blog& blog, const Doer& doer,
                 HookAct act, int attempts_max) {
  if (!doer.session) return;
  publishing::record_hook(connection, blog,
                          {.act = act,
                           .session = *doer.session,
                           .max_attempts = attempts_max,
                           .requested_by = doer.name});
}

}  // namespace

publishing::Blog connect(pg::Connection& connection, const Connecting& connecting,
                         const Doer& doer) {
  pg::Transaction transaction(connection);
  const auto blog = publishing::connect_blog(connection, connecting.request);
  if (connecting.has_first_upload) {
    publishing::UploadRequest first;
    first.source = queue::Source::api;
    first.max_attempts = connecting.attempts_max;
    first.requested_by = doer.name;
    static_cast<void>(publishing::record_upload_within(connection, blog, first));
  }
  switch_hook(connection, blog, doer, HookAct::install, connecting.attempts_max);
  note(connection, doer, "blog.connect", blog);
  transaction.commit();
  if (connecting.has_first_upload || doer.session) queue::wake_workers(connection);
  return blog;
}

void disconnect(pg::Connection& connection, const publishing::Blog& blog, const Doer& doer,
                int attempts_max) {
  pg::Transaction transaction(connection);
  publishing::disconnect_blog(connection, blog);
  switch_hook(connection, blog, doer, HookAct::remove, attempts_max);
  note(connection, doer, "blog.disconnect", blog);
  transaction.commit();
  if (doer.session) queue::wake_workers(connection);
  base::log::info(
      "blog disconnected",
      {{"blog", blog.address()}, {"reason", doer.reason.value_or("")}, {"by", doer.name}});
}

queue::Ingested trigger(pg::Connection& connection, const publishing::Blog& blog,
                        const publishing::UploadRequest& request, const Doer& doer) {
  pg::Transaction transaction(connection);
  auto ingested = publishing::record_upload_within(connection, blog, request);
  note(connection, doer, "blog.trigger", blog);
  transaction.commit();
  queue::wake_workers(connection);
  return ingested;
}

void install_hook(pg::Connection& connection, const publishing::Blog& blog, const Doer& doer,
                  int attempts_max) {
  pg::Transaction transaction(connection);
  switch_hook(connection, blog, doer, HookAct::install, attempts_max);
  note(connection, doer, "blog.install_hook", blog);
  transaction.commit();
  queue::wake_workers(connection);
}

}  // namespace devy::connecting
