/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_CONTROL_SUP_NOTIFY_H
#define VEX_CONTROL_SUP_NOTIFY_H

/*
 * sup_notify: the supervisor tells the service manager how it goes, by the protocol of sd_notify(3):
 * datagrams to the socket that NOTIFY_SOCKET names. Without that variable nothing happens.
 */

/*
 * Sends assignments, one a line, such as "READY=1\nSTATUS=configuration installed". A manager that
 * does not listen is no reason to fail.
 */
void sup_notify(const char *assignments);

#endif
