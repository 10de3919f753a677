//! What share a header list has in the exchange of its stream.

use super::line::Form;
use super::list::{List, Part as Own};
use crate::engine::view::View;
use crate::exchange::{Asked, Field, Part, Share, Short, Which};
use crate::protocols::semantics::Asked as Control;

/// The share of a list, in an exchange whose request asked for that.
pub(in crate::protocols) fn share<'v, F: Form>(
    of: Which,
    list: &List<F>,
    (asked, version): (Option<&'v Control>, &'static [u8]),
    view: &View<'v>,
) -> Share<'v> {
    let part = match list.part {
        _ if !list.first => Part::More,
        Own::Request => Part::Question,
        Own::Promise => Part::Promise,
        Own::Interim => Part::Interim,
        Own::Response => Part::Answer,
        Own::Unknown | Own::Begun | Own::Trailers => Part::More,
    };
    let all: Vec<Field<'v>> = list.fields(view).collect();
    let (fields, trailers) =
        if list.part == Own::Trailers { (Vec::new(), all) } else { (all, Vec::new()) };
    Share {
        asked: asked.map(|own| Asked {
            method: &own.method,
            scheme: &own.scheme,
            authority: &own.authority,
            path: &own.path,
        }),
        status: Some(list.status).filter(|status| *status > 0 && part != Part::More),
        version,
        fields,
        trailers,
        head_bytes: list.packed.into(),
        short: list.fault.map(|_| Short::Broken),
        ..Share::new(of, part)
    }
}
