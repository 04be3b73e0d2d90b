#include "core/files/diagnosis.hpp"
#include "core/files/kinds.hpp"
#include "core/files/metrics.hpp"
#include "core/gists/diagnosis.hpp"
#include "core/gists/kinds.hpp"
#include "core/gists/metrics.hpp"
#include "core/gists/outbox/crm_handler.hpp"
#include "core/gists/outbox/maintenance.hpp"
#include "core/mirror/diagnosis.hpp"
#include "core/mirror/kinds.hpp"
#include "core/mirror/maintenance.hpp"
#include "core/mirror/metrics.hpp"
#include "core/mirror/subscriber.hpp"
#include "core/platform/web/bulk_handler.hpp"
#include "core/platform/web/bulk_store.hpp"
#include "core/publishing/connecting/hook_handler.hpp"
#include "core/publishing/reconcile/maintenance.hpp"
#include "core/publishing/records.hpp"
#include "core/publishing/status/commit_status.hpp"
#include "core/publishing/subscriber.hpp"
#include "core/publishing/upload/child_roles.hpp"
#include "core/publishing/upload/diagnosis.hpp"
#include "core/publishing/upload/metrics.hpp"
#include "core/publishing/upload/pipeline.hpp"
#include "core/sync/connections/system.hpp"
#include "core/sync/inbound/observer.hpp"
#include "core/sync/inbound/subscriber.hpp"
#include "core/sync/kinds.hpp"
#include "core/systems.hpp"

// The table of systems: a system joins by a row here.

namespace devy::systems {
namespace {

System publishing_system() {
  static const publishing::Subscriber subscriber;
  System system;
  system.name = "publishing";
  system.kinds = {upload::operation_kind(), status::operation_kind(),
                  connecting::hook_operation_kind()};
  system.subscriber = &subscriber;
  system.maintenance = reconcile::maintenance_tasks();
  system.register_child_roles = upload::register_child_roles;
  system.prunables = publishing::prunable_records();
  system.needed_operations = publishing::operations_needed;
  system.make_metrics = upload::make_metrics;
  system.diagnose = upload::diagnose;
  system.subjects = publishing::subjects;
  return system;
}

// Systems that hear of the mirror's changed rows, in the order of the table.
const mirror::RowObservers& mirror_observers() {
  static const inbound::Observer sync;
  static const mirror::RowObservers observers{&sync};
  return observers;
}

System mirror_system() {
  static const mirror::Subscriber subscriber;
  System system;
  system.name = "mirror";
  system.subscriber = &subscriber;
  system.kinds = mirror::operation_kinds(mirror_observers());
  system.maintenance = mirror::maintenance_tasks();
  system.prunables = mirror::prunable_records();
  system.make_metrics = mirror::make_metrics;
  system.diagnose = mirror::diagnose;
  system.subjects = mirror::subjects;
  return system;
}

System sync_system() {
  static const inbound::Subscriber subscriber;
  System system;
  system.name = "sync";
  system.subscriber = &subscriber;
  system.kinds = sync::operation_kinds();
  system.maintenance = sync::maintenance_tasks();
  system.make_metrics = connections::make_metrics;
  system.diagnose = connections::diagnose;
  system.subjects = sync::subjects;
  return system;
}

// The platform itself runs acts on many operations; it is no system, and has nothing else here.
System platform_system() {
  System system;
  system.name = "platform";
  system.kinds = {web::bulk_operation_kind()};
  system.subjects = web::bulk_subjects;
  return system;
}

System files_system() {
  System system;
  system.name = "files";
  system.kinds = files::operation_kinds();
  system.maintenance = files::maintenance_tasks();
  system.subjects = files::subjects;
  system.make_metrics = files::make_metrics;
  system.diagnose = files::diagnose;
  return system;
}

System gists_system() {
  System system;
  system.name = "gists";
  system.kinds = gists::operation_kinds();
  system.maintenance = gists::maintenance_tasks();
  system.prunables = gists::prunable_records();
  system.make_metrics = gists::make_metrics;
  system.diagnose = gists::diagnose;
  system.subjects = gists::subjects;
  return system;
}

// Tells the CRM of gists: apart from them, for it runs in a lane of its own.
System outbox_system() {
  System system;
  system.name = "outbox";
  system.kinds = {outbox::operation_kind()};
  system.maintenance = outbox::maintenance_tasks();
  system.subjects = outbox::subjects;
  system.make_metrics = outbox::make_metrics;
  system.diagnose = outbox::diagnose;
  return system;
}

}  // namespace

const std::vector<System>& table() {
  static const std::vector<System> systems{publishing_system(), mirror_system(), sync_system(),
                                           files_system(),      gists_system(),  outbox_system(),
                                           platform_system()};
  return systems;
}

}  // namespace devy::systems
