# 58mm clones without a cutter
dots = 384
dpi = 203
cutter = no
feed = 80
status = yes
confirm = auto
native_qr = no
