/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_CONTROL_CLI_XML_H
#define VEX_CONTROL_CLI_XML_H

/*
 * cli_xml: a tree of JSON as XML. A member is an element of its name, an array is its elements one
 * after the other, null an empty element. What cannot stand in a name becomes '_', a character
 * that XML does not have U+FFFD. What "@" and "@NAME" say about a statement (cfg_print_json.c)
 * becomes the attribute inactive="inactive"; comments are left out.
 */

#include <stdio.h>

#include <jansson.h>

/* <rpc-reply> with everything in it. */
void cli_xml_print(const json_t *tree, FILE *out);

#endif
