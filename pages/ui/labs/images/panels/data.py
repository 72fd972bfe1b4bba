"""The data panel: the shape and classes of the images, with samples."""

import streamlit as st

import wb_core as wb
from wb_core.base.fields import specs

from ....i18n import _
from ....session import state
from .. import controls, download, pixels
from ..lab import ImageLab
from ..view import SAMPLES, ImageView, some


def draw(lab: ImageLab) -> None:
    view, config = state.of(ImageView), controls.config()
    try:
        data = wb.fashion_mnist(config.dataset)
    except wb.DataError as error:
        download.no_pictures(error)
        return
    left, right = st.columns([0.36, 0.64], gap="large")
    with left:
        st.subheader(_("About the pictures"), anchor=False)
        st.markdown(
            _(
                "Gray pictures of clothes, {train} for training and {test} for testing. To PyTorch each one is a "
                "tensor of **{size} numbers** from 0 (black) to 1 (white), and its class is a number from 0 to 9."
            ).format(train=f"{len(data.train):,}", test=f"{len(data.test):,}", size="1 × 28 × 28")
        )
        image = data.train.floats(slice(0, 1))[0]
        facts = {
            "image.shape": f"{tuple(image.shape)}",
            "image.dtype": f"{image.dtype}",
            "label": f"{int(data.y_train[0])} ({data.classes[int(data.y_train[0])]})",
            "len(train_data), len(test_data)": f"{len(data.train):,}, {len(data.test):,}",
            "batch.shape": f"({config.batch_size}, 1, 28, 28)",
        }
        st.html(pixels.table([_("In PyTorch"), _("Value")], [list(fact) for fact in facts.items()]))
        counts = data.y_train.bincount(minlength=len(data.classes)).tolist()
        rows = [[str(n), name, f"{count:,}"] for n, (name, count) in enumerate(zip(data.classes, counts, strict=True))]
        with st.expander(_("The ten classes"), key="classes"):
            st.html(pixels.table([_("Number"), _("Class"), _("Pictures")], rows))
    with right:
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.subheader(_("Examples"), anchor=False, width="content")
            st.button(_("Show others"), icon=":material/casino:", on_click=view.more_samples, key="images.samples")
        places = some(SAMPLES, len(data.train), seed=view.samples)
        pictures = (pixels.plain(data.train.pixels[n], data.classes[int(data.y_train[n])]) for n in places)
        st.html(f'<div class="wb-pictures">{"".join(pictures)}</div>')
    st.caption(
        _("{torch} by Zalando SE, under the MIT license. The 6,000 are the first 600 pictures of each class.").format(
            torch=f"`{specs(wb.ImageConfig)['dataset'].torch}`"
        )
    )
