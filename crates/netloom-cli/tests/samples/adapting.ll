; A program of routes that adapts itself to the kernel (CO-RE): what it knows of struct __sk_buff is one member, at the wrong place.
; Made by: opt-14 -O2 adapting.ll | llc-14 -march=bpfel -filetype=obj -o adapting.o
target datalayout = "e-m:e-p:64:64-i64:64-i128:128-n32:64-S128"
target triple = "bpf"
%struct.__sk_buff = type { i32 }
@LIC = dso_local global [4 x i8] c"GPL\00", section "license", align 1
@llvm.used = appending global [2 x i8*] [i8* getelementptr inbounds ([4 x i8], [4 x i8]* @LIC, i32 0, i32 0), i8* bitcast (i32 (%struct.__sk_buff*)* @drop_ipv4 to i8*)], section "llvm.metadata"
; BPF_DROP for ETH_P_IP, in network order, else BPF_OK.
define dso_local i32 @drop_ipv4(%struct.__sk_buff* %ctx) section "prog" !dbg !7 {
  %p = call i32* @llvm.preserve.struct.access.index.p0i32.p0s_struct.__sk_buffs(%struct.__sk_buff* elementtype(%struct.__sk_buff) %ctx, i32 0, i32 0), !dbg !11, !llvm.preserve.access.index !20
  %v = load i32, i32* %p, align 4, !dbg !11
  %is = icmp eq i32 %v, 8, !dbg !11
  %r = select i1 %is, i32 2, i32 0, !dbg !11
  ret i32 %r, !dbg !11
}
declare i32* @llvm.preserve.struct.access.index.p0i32.p0s_struct.__sk_buffs(%struct.__sk_buff*, i32, i32)
!llvm.dbg.cu = !{!0}
!llvm.module.flags = !{!3, !4}
!0 = distinct !DICompileUnit(language: DW_LANG_C99, file: !1, producer: "x", isOptimized: true, runtimeVersion: 0, emissionKind: FullDebug, enums: !2)
!1 = !DIFile(filename: "adapting.c", directory: "/tmp")
!2 = !{}
!3 = !{i32 2, !"Dwarf Version", i32 4}
!4 = !{i32 2, !"Debug Info Version", i32 3}
!5 = !DIBasicType(name: "int", size: 32, encoding: DW_ATE_signed)
!6 = !DIDerivedType(tag: DW_TAG_pointer_type, baseType: !20, size: 64)
!7 = distinct !DISubprogram(name: "drop_ipv4", scope: !1, file: !1, line: 3, type: !8, isLocal: false, isDefinition: true, scopeLine: 3, isOptimized: true, unit: !0, retainedNodes: !12)
!8 = !DISubroutineType(types: !9)
!9 = !{!5, !6}
!11 = !DILocation(line: 3, scope: !7)
!12 = !{!13}
!13 = !DILocalVariable(name: "ctx", arg: 1, scope: !7, file: !1, line: 3, type: !6)
!20 = distinct !DICompositeType(tag: DW_TAG_structure_type, name: "__sk_buff", file: !1, line: 1, size: 32, elements: !21)
!21 = !{!22}
!22 = !DIDerivedType(tag: DW_TAG_member, name: "protocol", scope: !20, file: !1, line: 1, baseType: !23, size: 32)
!23 = !DIBasicType(name: "unsigned int", size: 32, encoding: DW_ATE_unsigned)
